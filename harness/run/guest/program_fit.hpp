// Whether a machine's CPU has what the programs need that the guest cannot do without.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "audit/key_programs.hpp"
#include "base/json.hpp"
#include "riscv/cpu_offer.hpp"

namespace qh {

class program_fit {
  public:
    program_fit(std::vector<key_program> programs, std::string cpu);

    /// The properties of QEMU's hart to ask for; none where there are no programs.
    const std::set<std::string>& questions() const { return open_; }

    /// A property's value, null where QEMU has no such. After the last one the `misfit`, where
    /// something lacks.
    std::optional<json> on_answer(const std::string& property, const json& value);

    /// "/init in rootfs.cpio.gz needs v, which -cpu rv64 lacks": of process 1, where it does.
    const std::string& of_init() const { return of_init_; }

  private:
    std::optional<json> judge();

    std::vector<key_program> programs_;
    std::string cpu_, of_init_;
    std::set<std::string> open_;
    cpu_offer offer_;
    bool knows_harts_ = false;
};

}  // namespace qh
