// What programs need and a CPU lacks, in words and as data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/key_programs.hpp"
#include "base/json.hpp"
#include "riscv/cpu_offer.hpp"

namespace qh {

/// A warning only, since what a file asks for is not always what it executes.
struct misfit {
    std::string text;
    std::optional<std::string> cpu;  ///< one that has it all, where one is known
    json programs;                   ///< [{"role", "file", "lacking"}]
};

/// Nothing where the CPU, `-cpu cpu` with that offer, has what the programs need.
std::optional<misfit> find_misfit(const std::vector<key_program>& programs, const cpu_offer& offer,
                                  const std::string& cpu);

}  // namespace qh
