// Steps that bring a user or files into the guest, from JSON.
#pragma once

#include <filesystem>

#include "base/object_reader.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// `"login": USER` or `{"user", "password"}`. All three throw `json_document::problem`.
login_step read_login(const json_document& document, object_reader& step);

/// `"upload": {"from" | "text", "to", "mode", "sha256"}`. The file is looked for in `folder` and
/// then in the working directory, and read to know its size and digest, both of which the step in
/// the document's tree gets as well, with the path made absolute.
upload_step read_upload(json_document& document, object_reader& step,
                        const std::filesystem::path& folder);

/// `"download": PATH` or `{"from", "to"}`.
download_step read_download(const json_document& document, object_reader& step);

}  // namespace qh
