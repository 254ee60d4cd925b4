// What is said of a finished run besides its verdict; for a failed one what a person needs next.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// A command line for whoever wants to know more, and what it does in one word.
struct follow_up {
    std::string what, command;
};

/// Indented lines to stand below the verdict: the reason, the deciding step's output, the console's
/// last lines, the attempts where there were several, and where the record is. A failed run also
/// gets the commands that go on from there.
std::string details(const json& result, const std::filesystem::path& directory,
                    const std::vector<follow_up>& commands);

}  // namespace qh
