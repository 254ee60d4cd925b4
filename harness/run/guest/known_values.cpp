#include "run/guest/known_values.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

known_values::known_values(const scenario& what) : what_(what), sources_(what.steps) {
    facts_["machine.cpu"] = what.machine.cpu;
    facts_["machine.smp"] = std::to_string(what.machine.harts);
    facts_["machine.memory_mib"] = std::to_string(what.machine.memory_bytes >> 20);
}

std::optional<std::string> known_values::lookup(std::string_view name) const {
    const std::string key(name);
    if (const auto found = values_.find(key); found != values_.end()) return found->second;
    if (const auto found = facts_.find(key); found != facts_.end()) return found->second;
    const auto found = what_.parameters.find(key);
    if (found == what_.parameters.end()) return std::nullopt;
    return found->is_string() ? found->get<std::string>() : dump(*found);
}

std::string known_values::filled(std::string_view text) const {
    return fill_in(text, [this](std::string_view name) { return lookup(name); });
}

void known_values::take(const captures& captured) {
    for (const auto& [name, value] : captured) values_[name] = value;
}

std::optional<known_values::missing_value> known_values::find_missing(
    const std::set<std::string>& names, std::size_t index) const {
    for (const auto& name : names) {
        if (lookup(name)) continue;
        const auto source = sources_.before(index, name);
        if (!source) continue;
        const auto& step = what_.steps[*source];
        const auto outcome = outcomes_.at(*source);
        const auto what_became_of_it = step.left_out ? fmt::format("was {}", words_of_left_out)
                                       : outcome == step_outcome::skipped ? "was skipped"
                                       : outcome == step_outcome::passed  ? "passed without it"
                                                                          : "failed";
        return missing_value{
            fmt::format("\"{}\" has no value: the step \"{}\", which captures it, {}", name,
                        printable(step.name), what_became_of_it),
            outcome == step_outcome::skipped};
    }
    return std::nullopt;
}

void known_values::on_extension(const std::string& name, bool has) {
    if (!comparable_extensions().contains(name)) return;
    isa_asked_.insert(name);
    if (has) isa_offered_.insert(name);
}

const fact_map& known_values::add_facts(std::string_view output) {
    for (auto& [name, value] : read_facts(output)) facts_[name] = value;
    if (const auto isa = facts_.find("guest.isa"); isa != facts_.end() && !isa_asked_.empty())
        for (auto& [name, value] : compare_isa(isa->second, isa_asked_, isa_offered_))
            facts_[name] = value;
    if (const auto memory = facts_.find("guest.memory_mib"); memory != facts_.end())
        facts_["guest.memory_percent"] =
            std::to_string((std::stoull(memory->second) << 20) * 100 / what_.machine.memory_bytes);
    return facts_;
}

void known_values::go_on_from(const known_values& before) {
    values_ = before.values_;
    outcomes_ = before.outcomes_;
    facts_ = before.facts_;
}

}  // namespace qh
