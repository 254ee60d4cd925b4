#include "run/guest/program_fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

constexpr const char* vector_bits = "vlen";

}  // namespace

program_fit::program_fit(std::vector<key_program> programs, std::string cpu)
    : programs_(std::move(programs)), cpu_(std::move(cpu)) {
    if (programs_.empty()) return;
    offer_.on_model(cpu_);
    // What has others in it is asked for as well: older CPU models do not name the parts.
    questions_ = {"i", "m", "a", "f", "d", "c", "b", "v", vector_bits};
    for (const auto& program : programs_)
        for (const auto& name : program.required)
            if (!is_passive(name) && !name.starts_with("zvl")) questions_.insert(name);
}

std::optional<misfit> program_fit::on_cpu(const cpu_properties& cpu) {
    if (questions_.empty() || std::exchange(judged_, true)) return std::nullopt;
    bool knows_harts = false;
    for (const auto& name : questions_)
        if (const auto told = cpu.extensions.find(name); told != cpu.extensions.end()) {
            offer_.on_extension(name, told->second);
            knows_harts = true;
        }
    if (cpu.vector_bits) offer_.on_vector_bits(*cpu.vector_bits);
    return knows_harts ? judge() : std::nullopt;
}

std::optional<misfit> program_fit::judge() {
    for (const auto& program : programs_) {
        const auto lacking = offer_.lacking(program.required);
        if (lacking.empty() || program.role != "init" || !of_init_.empty()) continue;
        of_init_ = fmt::format("{} needs {}, which -cpu {} lacks", printable(program.file),
                               fmt::join(lacking, ", "), printable(cpu_));
    }
    return find_misfit(programs_, offer_, cpu_);
}

}  // namespace qh
