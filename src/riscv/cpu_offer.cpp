#include "riscv/cpu_offer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "riscv/cpu_choice.hpp"

namespace qh {
namespace {

constexpr unsigned shortest_vector_bits = 32, longest_vector_bits = 65536;

/// QEMU has no property that tells.
constexpr std::array<std::string_view, 8> rv32_models = {
    "rv32", "rv32i", "rv32e", "max32", "lowrisc-ibex", "sifive-e31", "sifive-e34", "sifive-u34"};

bool has_extension(const extension_set& present, std::string_view name) {
    return present.contains(name) || is_passive(name) ||
           (is_shorthand(name) && std::ranges::all_of(implied_by(name), [&](const auto part) {
                return has_extension(present, part);
            }));
}

}  // namespace

void cpu_offer::on_model(std::string_view cpu) {
    is_rv32_ = std::ranges::find(rv32_models, cpu.substr(0, cpu.find(','))) != rv32_models.end();
}

void cpu_offer::on_extension(const std::string& name, bool on) {
    known_.insert(name);
    if (on) on_.insert(name);
}

extension_set cpu_offer::present() const {
    auto all = with_implied(on_);
    if (all.contains("zve32x"))
        for (auto bits = shortest_vector_bits; bits <= std::min(vector_bits_, longest_vector_bits);
             bits *= 2)
            all.insert(fmt::format("zvl{}b", bits));
    return all;
}

std::vector<std::string> cpu_offer::lacking(const extension_set& required) const {
    if (is_rv32_ && required.contains("i")) return {std::string(another_machine)};
    const auto has = present();
    extension_set lacking;
    for (const auto& name : required)
        // The parts of a shorthand are required beside it.
        if (name != another_machine && !has_extension(has, name) &&
            (!is_shorthand(name) || is_known(name)))
            lacking.insert(name);
    // It comes with both.
    if (required.contains("c") && required.contains("d") &&
        (lacking.contains("c") || lacking.contains("d")))
        lacking.erase("zcd");
    extension_set implied;
    for (const auto& name : lacking)
        for (const auto& other : with_implied({name}))
            if (other != name) implied.insert(other);
    std::vector<std::string> own;
    std::ranges::set_difference(lacking, implied, std::back_inserter(own));
    return own;
}

std::string cpu_offer::cpu_with(std::string_view cpu,
                                const std::vector<std::string>& lacking) const {
    if (is_rv32_) return "rv64";
    return qh::cpu_with(cpu, lacking, present());
}

bool cpu_offer::is_known(std::string_view name) const {
    return known_.contains(name) || vector_register_bits(name) || name == another_machine;
}

}  // namespace qh
