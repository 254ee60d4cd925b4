#include "audit/build_audit.hpp"

#include <algorithm>

#include "base/units.hpp"

namespace qh {

build_audit::build_audit(const buildroot_config& config, const std::vector<requirement>& table,
                         const audit_options& options)
    : config_(config), options_(options) {
    for (const auto& what : table) findings_.push_back(judge(what));
}

audit_finding build_audit::judge(const requirement& what) const {
    audit_finding found;
    found.what = what;
    found.by = what_brings(what);
    if (!found.by.empty()) {
        found.is = audit_finding::state::present;
        return found;
    }
    if (!what.unknown.empty()) return found;
    found.is = what.is_required ? audit_finding::state::missing : audit_finding::state::advised;
    for (const auto& symbol : what.idle)
        if (config_.is_on(symbol)) found.idle.push_back(place_of(symbol));
    for (const auto& symbol : what.own_tree)
        if (config_.is_on(symbol)) found.foreign.push_back(place_of(symbol));
    found.lines = unmet(what);
    return found;
}

std::string build_audit::what_brings(const requirement& what) const {
    const auto is_provided = [&](const auto& name) { return options_.provided.contains(name); };
    if (is_provided(what.name) || std::ranges::any_of(what.with, is_provided))
        return "provided otherwise";
    for (const auto& conditions : what.given_by) {
        if (!std::ranges::all_of(conditions, [&](const auto& one) { return holds(one); })) continue;
        std::string text;
        for (const auto& condition : conditions)
            text += (text.empty() ? "" : ", ") + place_of(condition.symbol);
        return text;
    }
    // Kconfig writes only symbols that its tree has.
    if (config_.is_complete())
        for (const auto& symbol : what.own_tree)
            if (config_.is_on(symbol)) return place_of(symbol) + ", of this tree's own";
    return {};
}

bool build_audit::holds(const config_condition& condition) const {
    switch (condition.what) {
        case config_condition::kind::is_on:
            return config_.is_on(condition.symbol);
        case config_condition::kind::is_not_off:
            return !config_.is_off(condition.symbol);
        case config_condition::kind::is_larger:
            break;
    }
    const double least = condition.size == "min_disk"
                             ? options_.min_disk_bytes
                             : static_cast<double>(parse_memory(condition.size));
    return config_.size_bytes(condition.symbol).value_or(0) > least;
}

std::string build_audit::place_of(const std::string& symbol) const {
    const auto* const entry = config_.find(symbol);
    return entry ? fmt::format("{} (line {})", symbol, entry->line) : symbol + " (by default)";
}

std::vector<config_setting> build_audit::unmet(const requirement& what) const {
    std::vector<config_setting> lines;
    for (const auto& setting : what.mend) {
        const bool is_met = setting.value == "y" && config_.is_on(setting.symbol);
        if (!is_met) lines.push_back(setting);
    }
    return lines;
}

std::vector<std::string> build_audit::names(audit_finding::state state) const {
    std::vector<std::string> names;
    for (const auto& finding : findings_)
        if (finding.is == state) names.push_back(finding.what.name);
    return names;
}

std::vector<config_setting> build_audit::lines_to_add() const {
    std::vector<config_setting> lines;
    for (const auto& finding : findings_)
        for (const auto& line : finding.lines)
            if (!std::ranges::count(lines, line.symbol, &config_setting::symbol))
                lines.push_back(line);
    return lines;
}

}  // namespace qh
