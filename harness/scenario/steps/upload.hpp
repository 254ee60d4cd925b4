// The step "upload": a host's file, or a text, for the guest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct upload_step {
    static constexpr step_kind kind = {
        .key = "upload", .timeout = std::chrono::minutes(5), .filled_in = "upload/to"};
    std::filesystem::path source;  ///< empty: `content` is from the scenario itself
    std::string to;                ///< path in the guest
    std::string mode;              ///< octal digits
    std::uint64_t size_bytes = 0;
    std::string sha256;
    std::string content;   ///< of what is small enough to be typed
    std::string serial;    ///< of the disk that the machine has it on; empty: none
    std::string unusable;  ///< why there is nothing to upload; empty: there is

    std::vector<std::string_view> texts() const { return {to}; }
    step_place place() const { return step_place::shell; }
};

/// `"upload": {"from" | "text", "to", "mode", "sha256"}`. The file is looked for in the scenario's
/// folder and then in the working directory, and read to know its size and digest, both of which
/// the step in the document's tree gets as well, with the path made absolute.
void read(step_reading& from, upload_step& step);

}  // namespace qh
