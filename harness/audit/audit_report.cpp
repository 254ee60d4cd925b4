#include "audit/audit_report.hpp"

#include <fmt/ranges.h>

namespace qh {
namespace {

using state = audit_finding::state;

std::vector<std::string> texts(const std::vector<config_setting>& lines) {
    std::vector<std::string> texts;
    for (const auto& line : lines) texts.push_back(line.line());
    return texts;
}

constexpr std::size_t state_width = 8, name_width = 18, text_width = 100;

/// `text` broken into lines that keep to a column of the table.
std::string wrapped(std::string_view text) {
    constexpr std::size_t indent = state_width + 1 + name_width + 1;
    std::string lines;
    std::size_t used = indent;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        if (used > indent && used + 1 + word.size() > text_width) {
            lines += "\n" + std::string(indent, ' ');
            used = indent;
        } else if (used > indent) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += word.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// What to know of a finding beside the lines to add.
std::string remark(const audit_finding& finding) {
    std::vector<std::string> parts;
    if (!finding.idle.empty())
        parts.push_back(fmt::format("{} {} not put it on the target", fmt::join(finding.idle, ", "),
                                    finding.idle.size() == 1 ? "does" : "do"));
    if (!finding.foreign.empty())
        parts.push_back(
            fmt::format("{} is not in Buildroot's own tree, where make drops it; if "
                        "yours has it, say --provided {}",
                        fmt::join(finding.foreign, ", "), finding.what.name));
    for (const auto* text : {&finding.what.without, &finding.what.unknown, &finding.what.note})
        if (!text->empty()) parts.push_back(*text);
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string shown_state(const audit_finding& finding) {
    return finding.is == state::missing ? "MISSING" : std::string(name_of(finding.is));
}

std::string row(const audit_finding& finding) {
    std::vector<std::string> told;
    if (!finding.by.empty()) told.push_back(finding.by);
    if (!finding.lines.empty())
        told.push_back(fmt::format("add {}", fmt::join(texts(finding.lines), " ")));
    if (finding.is != state::present) told.push_back(remark(finding));
    std::erase(told, "");
    return fmt::format("{:<{}} {:<{}} {}\n", shown_state(finding), state_width, finding.what.name,
                       name_width, wrapped(fmt::format("{}", fmt::join(told, "; "))));
}

json describe(const audit_finding& finding) {
    json one = {{"name", finding.what.name},
                {"level", finding.what.is_required ? "required" : "recommended"},
                {"state", name_of(finding.is)},
                {"why", finding.what.why},
                {"lines", texts(finding.lines)}};
    if (!finding.by.empty()) one["by"] = finding.by;
    const auto told = remark(finding);
    if (!told.empty()) one["note"] = told;
    return one;
}

}  // namespace

std::string audit_text(const build_audit& audit) {
    std::string text = fmt::format("{:<8} {:<18} {}\n", "state", "requirement", "what brings it");
    for (const auto& finding : audit.findings()) text += row(finding);
    if (const auto lines = texts(audit.lines_to_add()); !lines.empty())
        text += fmt::format("\nlines to add:\n  {}\n", fmt::join(lines, "\n  "));
    text += '\n';
    const auto advised = audit.names(state::advised), missing = audit.names(state::missing);
    if (!advised.empty()) text += fmt::format("advised: {}\n", fmt::join(advised, ", "));
    text += missing.empty() ? "ready to build PyTorch\n"
                            : fmt::format("not ready to build PyTorch, missing: {}\n",
                                          fmt::join(missing, ", "));
    return text;
}

json audit_json(const build_audit& audit) {
    json findings = json::array();
    for (const auto& finding : audit.findings()) findings.push_back(describe(finding));
    return {{"ready", audit.is_ready()},
            {"missing", audit.names(state::missing)},
            {"advised", audit.names(state::advised)},
            {"lines", texts(audit.lines_to_add())},
            {"requirements", findings}};
}

}  // namespace qh
