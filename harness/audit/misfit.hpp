// What programs need and a CPU lacks, in words and as data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/key_programs.hpp"
#include "base/json.hpp"
#include "riscv/cpu_offer.hpp"

namespace qh {

/// {"text", "cpu": one that has it all, "programs": [{"role", "file", "lacking"}]}; nothing where
/// the CPU, `-cpu cpu` with that offer, has what they need. It is a warning only, since what a file
/// asks for is not always what it executes.
std::optional<json> misfit(const std::vector<key_program>& programs, const cpu_offer& offer,
                           const std::string& cpu);

}  // namespace qh
