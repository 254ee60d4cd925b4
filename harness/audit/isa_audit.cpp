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

std::string isa_audit::cpu_for(const std::vector<file>& files, std::string_view cpu) const {
    extension_set all;
    for (const auto& file : files) all.insert(file.lacking.begin(), file.lacking.end());
    // Together some of them may be implied by others.
    return offer_.cpu_with(cpu, offer_.lacking(with_implied(all)));
}

std::string isa_audit::cpu_for_all(std::string_view cpu) const {
    std::vector<file> all;
    for (const auto& [extension, files] : needs_) all.insert(all.end(), files.begin(), files.end());
    return cpu_for(all, cpu);
}

}  // namespace qh
