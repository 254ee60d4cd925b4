// Which files of a tree need what a CPU lacks? The decision, without any I/O.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/program_survey.hpp"
#include "riscv/cpu_offer.hpp"

namespace qh {

class isa_audit {
  public:
    struct file {
        std::string path;
        const elf_isa* isa;
        /// Extensions that it needs, or may use, and the CPU lacks.
        std::vector<std::string> lacking;
    };

    /// The references must outlive it.
    isa_audit(const program_survey& survey, const cpu_offer& offer);

    /// Extensions that the CPU lacks, each with the files that cannot do without it.
    const std::map<std::string, std::vector<file>>& needs() const& { return needs_; }
    bool fits() const { return needs_.empty(); }

    /// Files that the CPU cannot run, each counted once.
    std::size_t misfits() const { return misfits_; }

    /// Files that ask for what the CPU lacks and show signs of choosing at run time.
    const std::vector<file>& choosing() const& { return choosing_; }

    /// Files in whose code are instructions of extensions that the CPU lacks and that their arch
    /// strings do not ask for: chosen at run time, as a rule.
    const std::vector<file>& found() const& { return found_; }

    /// Files for RV64.
    std::size_t programs() const { return programs_; }

    /// Files for other machines: how many for each.
    const std::map<std::string, std::size_t>& others() const& { return others_; }

    const cpu_offer& offer() const { return offer_; }

  private:
    void judge(const std::string& path, const elf_isa& isa);

    const cpu_offer& offer_;
    std::map<std::string, std::vector<file>> needs_;
    std::vector<file> choosing_, found_;
    std::map<std::string, std::size_t> others_;
    std::size_t programs_ = 0, misfits_ = 0;
};

}  // namespace qh
