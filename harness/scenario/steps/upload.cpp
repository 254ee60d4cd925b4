#include "scenario/steps/upload.hpp"

#include <re2/re2.h>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "scenario/steps/step_reading.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// What may be typed into a guest that cannot read disks.
constexpr std::uint64_t largest_typed = 256u << 10;

void read_source(object_reader& upload, const fs::path& folder, upload_step& step) {
    const fs::path from = upload.text("from");
    step.source = fs::absolute(folder / from);
    std::error_code failure;
    // What --set names is where the user is.
    if (!fs::is_regular_file(step.source, failure) && fs::is_regular_file(from, failure))
        step.source = fs::absolute(from);
    if (!fs::is_regular_file(step.source, failure)) {
        step.unusable = fmt::format("there is no file {}", step.source.string());
        return;
    }
    step.size_bytes = fs::file_size(step.source);
    try {
        if (step.size_bytes <= largest_typed) step.content = read_file(step.source, largest_typed);
        step.sha256 = sha256_hex_of_file(step.source);
    } catch (const error& e) {
        throw upload.problem("from", e.what());
    }
}

void read_content(object_reader& upload, const fs::path& folder, upload_step& step) {
    if (upload.has("text") == upload.has("from"))
        throw upload.problem("expected one of \"from\" and \"text\"");
    if (!upload.has("text")) return read_source(upload, folder, step);
    step.content = upload.text("text");
    step.size_bytes = step.content.size();
    step.sha256 = sha256_hex(step.content);
}

}  // namespace

void read(step_reading& from, upload_step& step) {
    static const re2::RE2 octal("[0-7]{3,4}");
    object_reader upload(from.document, from.object.path_of("upload"), "\"upload\"");
    problem_list problems;
    problems.attempt([&] { step.to = read_guest_path(upload, "to"); });
    problems.attempt([&] {
        step.mode = upload.text("mode", "0644");
        if (!re2::RE2::FullMatch(step.mode, octal))
            throw upload.problem("mode", "expected a mode in octal digits, as in \"0755\"");
    });
    problems.attempt([&] { read_content(upload, from.folder, step); });
    problems.attempt([&] {
        const auto expected = upload.text("sha256", step.sha256);
        if (!step.sha256.empty() && expected != step.sha256)
            throw upload.problem("sha256", fmt::format("the file has the SHA-256 {}", step.sha256));
    });
    upload.finish(problems);
    problems.throw_all();
    auto& resolved = from.document.mutable_root().at(from.object.path_of("upload"));
    if (!step.source.empty()) resolved["from"] = step.source.string();
    if (step.unusable.empty()) resolved["sha256"] = step.sha256;
}

}  // namespace qh
