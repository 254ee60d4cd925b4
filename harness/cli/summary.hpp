// What is printed of a finished run: its verdict, and for a failed one what a person needs next.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "cli/colour.hpp"

namespace qh {

/// One line: outcome, scenario, steps, time.
std::string headline(const json& result, const painter& paint);

/// Indented lines below it: the reason, the deciding step's output, the console's last lines, the
/// attempts where there were several, and where the record is. A failed run also gets `again`,
/// the command that runs it the same way once more.
std::string details(const json& result, const std::filesystem::path& directory,
                    const std::string& again);

}  // namespace qh
