// What the readers of steps share.
#pragma once

#include <filesystem>
#include <string>

#include "base/object_reader.hpp"
#include "scenario/steps/step.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

/// A step while it is read from JSON.
struct step_reading {
    json_document& document;
    object_reader& object;                ///< of the step
    const std::filesystem::path& folder;  ///< files that it names are relative to it
    const name_lookup& parameters;
    problem_list& problems;
    struct step& step;  ///< its parts that other kinds have too
};

/// Throws a problem where the member is not `true`.
void require_true(object_reader& object, const std::string& key);

/// "kernel", "init", "login" or "shell" under `key` of `object`.
boot_state read_boot_state(object_reader& object, const std::string& key);

/// A command under `key`: a text, a list of lines, or {"file": path}, whose text takes the place of
/// its name in the document.
std::string read_code(step_reading& from, const std::string& key);

/// The members that check a command's output: exit, match, not_match, skip, capture, parse, measure
/// and check.
void read_output_checks(step_reading& from);

/// The member "check".
void read_checks(step_reading& from);

/// Throws a problem where the text would be typed as more than one line.
void refuse_line_breaks(const object_reader& object, const std::string& key,
                        const std::string& text);

/// The path of a file in the guest.
std::string read_guest_path(object_reader& object, const std::string& key);

}  // namespace qh
