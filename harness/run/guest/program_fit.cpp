#include "run/guest/program_fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/misfit.hpp"
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
    open_ = {"i", "m", "a", "f", "d", "c", "b", "v", vector_bits};
    for (const auto& program : programs_)
        for (const auto& name : program.required)
            if (!is_passive(name) && !name.starts_with("zvl")) open_.insert(name);
}

std::optional<json> program_fit::on_answer(const std::string& property, const json& value) {
    if (open_.erase(property) == 0) return std::nullopt;
    if (value.is_boolean()) {
        offer_.on_extension(property, value.get<bool>());
        knows_harts_ = true;
    }
    if (property == vector_bits && value.is_number_unsigned())
        offer_.on_vector_bits(value.get<unsigned>());
    return open_.empty() && knows_harts_ ? judge() : std::nullopt;
}

std::optional<json> program_fit::judge() {
    for (const auto& program : programs_) {
        const auto lacking = offer_.lacking(program.required);
        if (lacking.empty() || program.role != "init" || !of_init_.empty()) continue;
        of_init_ = fmt::format("{} needs {}, which -cpu {} lacks", printable(program.file),
                               fmt::join(lacking, ", "), printable(cpu_));
    }
    return misfit(programs_, offer_, cpu_);
}

}  // namespace qh
