// What is printed of a finished run: its verdict, and for a failed one what a person needs next.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/terminal/colour.hpp"

namespace qh {

/// A command line for whoever wants to know more, and what it does in one word.
struct follow_up {
    std::string what, command;
};

/// One line: outcome, scenario, steps, time.
std::string headline(const json& result, const painter& paint);

/// Indented lines below it: the reason, the deciding step's output, the console's last lines, the
/// attempts where there were several, and where the record is. A failed run also gets the commands
/// that go on from there.
std::string details(const json& result, const std::filesystem::path& directory,
                    const std::vector<follow_up>& commands);

}  // namespace qh
