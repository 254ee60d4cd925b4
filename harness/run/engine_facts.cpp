// What the steps may ask for by name: captures, parameters, and facts about guest and machine.
#include "base/text.hpp"
#include "run/engine.hpp"

namespace qh {

/// Holds the guest against its machine: QEMU knows which extensions the CPU has.
void engine::ask_isa() {
    auto names = comparable_extensions();
    names.merge(instruction_extensions());
    names.insert(fit_.questions().begin(), fit_.questions().end());
    for (const auto& name : names)
        isa_questions_[machine_.execute(
            "qom-get", {{"path", "/machine/soc0/harts[0]"}, {"property", name}})] = name;
}

void engine::add_facts(const std::string& output, time_point now) {
    for (auto& [name, value] : read_facts(output)) facts_[name] = value;
    if (const auto isa = facts_.find("guest.isa"); isa != facts_.end() && !isa_asked_.empty())
        for (auto& [name, value] : compare_isa(isa->second, isa_asked_, isa_offered_))
            facts_[name] = value;
    if (const auto memory = facts_.find("guest.memory_mib"); memory != facts_.end())
        facts_["guest.memory_percent"] = std::to_string((std::stoull(memory->second) << 20) * 100 /
                                                        scenario_.machine.memory_bytes);
    emit("facts", facts_, now);
}

/// QEMU's answer to one of `ask_isa`'s questions; null where it has no such property.
void engine::note_property(const std::string& name, const json& value, time_point now) {
    if (auto misfit = fit_.on_answer(name, value)) {
        sigill_.on_misfit(fit_.of_init());
        emit("isa_warning", std::move(*misfit), now);
    }
    if (!value.is_boolean()) return;
    const bool has = value.get<bool>();
    sigill_.on_extension(name, has);
    if (comparable_extensions().contains(name)) {
        isa_asked_.insert(name);
        if (has) isa_offered_.insert(name);
    }
}

void engine::take(const captures& captured) {
    for (const auto& [name, value] : captured) values_[name] = value;
}

std::optional<engine::missing_value> engine::find_missing(
    const std::set<std::string>& names) const {
    for (const auto& name : names) {
        if (lookup(name)) continue;
        const auto source = sources_.before(index_, name);
        if (!source) continue;
        const auto& step = scenario_.steps[*source];
        const auto outcome = outcomes_.at(*source);
        const auto what_became_of_it = step.left_out ? fmt::format("was {}", words_of_left_out)
                                       : outcome == step_outcome::skipped ? "was skipped"
                                       : outcome == step_outcome::passed  ? "passed without it"
                                                                          : "failed";
        return missing_value{
            *source, fmt::format("\"{}\" has no value: the step \"{}\", which captures it, {}",
                                 name, printable(step.name), what_became_of_it)};
    }
    return std::nullopt;
}

std::optional<std::string> engine::lookup(std::string_view name) const {
    const std::string key(name);
    if (const auto found = values_.find(key); found != values_.end()) return found->second;
    if (const auto found = facts_.find(key); found != facts_.end()) return found->second;
    const auto found = scenario_.parameters.find(key);
    if (found == scenario_.parameters.end()) return std::nullopt;
    return found->is_string() ? found->get<std::string>() : dump(*found);
}

std::string engine::filled(std::string_view text) const {
    return fill_in(text, [this](std::string_view name) { return lookup(name); });
}

}  // namespace qh
