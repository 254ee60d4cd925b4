#include "audit/isa_audit.hpp"

namespace qh {

isa_audit::isa_audit(const program_survey& survey, const cpu_offer& offer) : offer_(offer) {
    for (const auto& [path, program] : survey.programs()) {
        if (!program.unreadable.empty()) continue;
        if (!program.isa.is_riscv)
            ++others_[std::string(program.isa.machine)];
        else if (program.isa.xlen != 64)
            ++others_["RV32"];
        else
            judge(path, program.isa);
    }
}

void isa_audit::judge(const std::string& path, const elf_isa& isa) {
    ++programs_;
    const auto lacking = offer_.lacking(isa.required);
    for (const auto& extension : lacking) needs_[extension].push_back({path, &isa, lacking});
    misfits_ += !lacking.empty();
    if (const auto wished = offer_.lacking(isa.optional); !wished.empty())
        choosing_.push_back({path, &isa, wished});
    if (isa.found && isa.arch)
        if (const auto used = offer_.lacking(with_implied(isa.found->extensions)); !used.empty())
            found_.push_back({path, &isa, used});
}

}  // namespace qh
