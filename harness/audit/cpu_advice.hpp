// Which -cpu to advise for what files lack: only what QEMU takes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "audit/isa_audit.hpp"
#include "machine/cpu_query.hpp"

namespace qh {

/// Asks QEMU of a whole `-cpu`.
using cpu_asker = std::function<cpu_opinion(const std::string& cpu)>;

struct cpu_remedy {
    std::optional<std::string> cpu;  ///< for --cpu; none where there is none
    std::string why_not;             ///< for people: "this QEMU does not have it"
};

struct isa_advice {
    std::map<std::string, cpu_remedy> by_extension;  ///< for each that audit.needs() has
    /// With which all run, and what may be used is there; none where no such CPU was found.
    std::optional<std::string> for_all, for_choosing;
};

/// For an audit of `survey` against `cpu`. Each -cpu is asked once.
isa_advice advise_cpus(const program_survey& survey, const isa_audit& audit, const std::string& cpu,
                       const cpu_asker& ask);

}  // namespace qh
