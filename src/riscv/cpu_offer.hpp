// What a CPU has, by QEMU's own answers, against what a program needs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "riscv/isa_string.hpp"

namespace qh {

class cpu_offer {
  public:
    /// What a CPU for RV32 lacks.
    static constexpr std::string_view another_machine = "rv64i";

    /// QEMU's `-cpu`: one for RV32 runs no program for RV64, whatever its extensions are.
    void on_model(std::string_view cpu);

    /// QEMU says whether its CPU has the extension of that name.
    void on_extension(const std::string& name, bool on);

    /// The length of vector registers, which QEMU tells for CPUs without vectors, too.
    void on_vector_bits(unsigned bits) { vector_bits_ = bits; }

    /// What of `required` the CPU lacks and a program cannot do without: those that no other one
    /// of them implies, sorted; "rv64i" alone where the CPU is one for RV32. `required` is complete
    /// (with_implied).
    std::vector<std::string> lacking(const extension_set& required) const;

    /// The CPU of `-cpu cpu` with these extensions that it lacks.
    std::string cpu_with(std::string_view cpu, const std::vector<std::string>& lacking) const;

    /// Whether QEMU has the extension at all, for this or another CPU.
    bool is_known(std::string_view name) const;

    /// All that it has, with what that implies.
    extension_set present() const;

  private:
    extension_set on_, known_;
    unsigned vector_bits_ = 0;
    bool is_rv32_ = false;
};

}  // namespace qh
