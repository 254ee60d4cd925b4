// A machine that was recorded instruction by instruction, so that it can be built again.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "machine/machine_spec.hpp"

namespace qh {

/// The file in a run's folder that has what came to the guest from outside, and when.
inline constexpr auto instruction_log_name = "instructions.rr";

/// Why `spec` cannot be recorded; empty where it can.
std::string why_not_recordable(const machine_spec& spec);

/// All that decides the guest's course, for run_started: {"spec", "files": each file's size and
/// SHA-256}.
json describe_recorded(const machine_spec& spec);

/// The machine again, its log in `folder`. Throws a usage error that names the file where one is
/// not what it was, and json's own exception where `described` lacks something.
machine_spec machine_to_replay(const json& described, const std::filesystem::path& folder);

}  // namespace qh
