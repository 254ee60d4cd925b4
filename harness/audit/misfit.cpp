#include "audit/misfit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"

namespace qh {

std::optional<misfit> find_misfit(const std::vector<key_program>& programs, const cpu_offer& offer,
                                  const std::string& cpu) {
    json list = json::array();
    std::vector<std::string> told;
    extension_set all;
    for (const auto& program : programs) {
        const auto lacking = offer.lacking(program.required);
        if (lacking.empty()) continue;
        all.insert(lacking.begin(), lacking.end());
        list.push_back({{"role", program.role}, {"file", program.file}, {"lacking", lacking}});
        told.push_back(fmt::format("{}, {}, needs {}", program.role, printable(program.file),
                                   fmt::join(lacking, ", ")));
    }
    if (told.empty()) return std::nullopt;
    const auto better = offer.cpu_with(cpu, offer.lacking(with_implied(all)));
    return misfit{fmt::format("{}, and -cpu {} lacks it; --cpu {} has it", fmt::join(told, "; "),
                              printable(cpu), printable(better)),
                  better, std::move(list)};
}

}  // namespace qh
