// What all reports say of a cell, in plain text.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// Text that XML 1.0 and terminals can hold: printable(), and without the two code points that are
/// no characters.
std::string plain(std::string_view text);

/// The text under `key`, plain; empty where there is none.
std::string text_of(const json& object, const char* key);

/// The scenario's file, as the matrix names it.
std::string scenario_of(const cell_result& cell);

/// Why a cell that counts as no failure did not pass: expected, in quarantine, not run.
std::string excuse_of(const cell_result& cell);

/// The deciding step's output and the console's last lines, where there are any.
std::string evidence_of(const cell_result& cell);

/// A line for each step: outcome, name, seconds, reason.
std::string steps_of(const cell_result& cell);

}  // namespace qh
