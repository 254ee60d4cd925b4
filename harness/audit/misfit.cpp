#include "audit/misfit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "riscv/extension.hpp"

namespace qh {
namespace {

/// QEMU cannot be asked while a guest runs, so only what it is known to take is advised.
bool can_be_added(const cpu_offer& offer, const std::string& extension) {
    return offer.is_known(extension) &&
           (find_extension(extension) || vector_register_bits(extension) ||
            extension == cpu_offer::another_machine);
}

}  // namespace

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
    std::optional<std::string> better;
    if (std::ranges::all_of(all, [&](const auto& name) { return can_be_added(offer, name); }))
        better = offer.cpu_with(cpu, offer.lacking(with_implied(all)));
    const auto advice = better ? fmt::format("--cpu {} has it", printable(*better))
                               : "qharness audit isa tells whether QEMU has a CPU for it";
    return misfit{
        fmt::format("{}, and -cpu {} lacks it; {}", fmt::join(told, "; "), printable(cpu), advice),
        better, std::move(list)};
}

}  // namespace qh
