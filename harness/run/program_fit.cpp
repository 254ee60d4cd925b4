#include "run/program_fit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    json programs = json::array();
    std::vector<std::string> told;
    extension_set all;
    for (const auto& program : programs_) {
        const auto lacking = offer_.lacking(program.required);
        if (lacking.empty()) continue;
        all.insert(lacking.begin(), lacking.end());
        programs.push_back({{"role", program.role}, {"file", program.file}, {"lacking", lacking}});
        told.push_back(fmt::format("{}, {}, needs {}", program.role, printable(program.file),
                                   fmt::join(lacking, ", ")));
        if (program.role == "init" && of_init_.empty())
            of_init_ = fmt::format("{} needs {}, which -cpu {} lacks", printable(program.file),
                                   fmt::join(lacking, ", "), printable(cpu_));
    }
    if (told.empty()) return std::nullopt;
    const auto cpu = offer_.cpu_with(cpu_, offer_.lacking(with_implied(all)));
    return json{{"text", fmt::format("{}, and -cpu {} lacks it; --cpu {} has it",
                                     fmt::join(told, "; "), printable(cpu_), printable(cpu))},
                {"cpu", cpu},
                {"programs", programs}};
}

}  // namespace qh
