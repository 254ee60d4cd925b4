#include "audit/config_edit.hpp"

#include "audit/buildroot_config.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::string_view heading = "# For building PyTorch (qharness audit buildroot --fix)";

std::string_view without_line_end(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

config_edit with_settings(std::string_view text, const std::vector<config_setting>& settings) {
    const auto config = buildroot_config::parse(text, "the configuration");
    std::vector<std::string> lines;
    for (const auto line : split_lines(text)) lines.emplace_back(line);
    config_edit edit;
    for (const auto& setting : settings) {
        const auto* const entry = config.find(setting.symbol);
        if (!entry) {
            edit.added.push_back(setting.line());
            continue;
        }
        auto& line = lines.at(entry->line - 1);
        const std::string before(without_line_end(line));
        if (before == setting.line()) continue;
        line.replace(0, before.size(), setting.line());
        edit.replaced.push_back({entry->line, before, setting.line()});
    }
    for (const auto& line : lines) edit.text += line + "\n";
    if (!edit.added.empty()) edit.text += fmt::format("\n{}\n", heading);
    for (const auto& line : edit.added) edit.text += line + "\n";
    if (!edit.changes_anything()) edit.text = text;
    return edit;
}

}  // namespace qh
