// Whether a machine's CPU has what the programs need that the guest cannot do without.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/key_programs.hpp"
#include "audit/misfit.hpp"
#include "machine/cpu_properties.hpp"
#include "riscv/cpu_offer.hpp"

namespace qh {

class program_fit {
  public:
    program_fit(std::vector<key_program> programs, std::string cpu);

    /// The properties of the CPU that decide; empty where there are no programs.
    const std::set<std::string>& questions() const { return questions_; }

    /// The `misfit`, where something lacks; told once.
    std::optional<misfit> on_cpu(const cpu_properties& cpu);

    /// "/init in rootfs.cpio.gz needs v, which -cpu rv64 lacks": of process 1, where it does.
    const std::string& of_init() const { return of_init_; }

  private:
    std::optional<misfit> judge();

    std::vector<key_program> programs_;
    std::string cpu_, of_init_;
    std::set<std::string> questions_;
    cpu_offer offer_;
    bool judged_ = false;
};

}  // namespace qh
