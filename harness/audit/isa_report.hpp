// What an ISA audit found, for people and for programs.
#pragma once

#include <string>

#include "audit/cpu_advice.hpp"
#include "audit/isa_audit.hpp"
#include "base/json.hpp"

namespace qh {

/// What was audited, and for what.
struct isa_question {
    std::string path, cpu;
    tree_summary tree;
    isa_advice advice;
};

std::string isa_text(const isa_question& question, const program_survey& survey,
                     const isa_audit& audit);

/// {"fits", "cpu", "needs": [{"extension", "cpu", "files"}], "found", "elf_files", …}
json isa_json(const isa_question& question, const program_survey& survey, const isa_audit& audit);

}  // namespace qh
