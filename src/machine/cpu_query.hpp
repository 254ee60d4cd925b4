// What a CPU of QEMU's has, asked of QEMU itself.
#pragma once

#include <optional>
#include <string>

#include "riscv/cpu_offer.hpp"

namespace qh {

struct cpu_answer {
    cpu_offer offer;
    std::string warnings;  ///< what QEMU wrote to its standard error
};

/// Starts `qemu` with `-cpu cpu` and a little memory, lets nothing run, reads the hart's
/// properties over QMP and ends it: about 0.1 s. Throws an infrastructure error with QEMU's own
/// words where it does not start, which it also does not for a CPU that it does not know.
cpu_answer ask_cpu(const std::string& qemu, const std::string& cpu);

/// What QEMU says to a `-cpu`.
struct cpu_opinion {
    std::optional<cpu_offer> offer;  ///< none where QEMU refuses it
    std::string refusal;             ///< QEMU's words then: "Zcmp/Zcmt extensions are …"
};

/// The same, but a refusal is an answer too.
cpu_opinion ask_whether_cpu(const std::string& qemu, const std::string& cpu);

}  // namespace qh
