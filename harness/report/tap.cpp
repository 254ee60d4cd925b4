#include "report/tap.hpp"

#include "base/text.hpp"
#include "report/report_text.hpp"

namespace qh {
namespace {

/// A description or a directive's reason: one line, with what would begin a directive escaped.
std::string one_line(const std::string& text) {
    std::string line;
    for (const char c : text) {
        if (c == '#' || c == '\\') line += '\\';
        line += c == '\n' || c == '\t' ? ' ' : c;
    }
    return line;
}

/// JSON's texts are YAML's too.
std::string yaml_block(const json& values) {
    std::string text = "  ---\n";
    for (const auto& [key, value] : values.items())
        if (value != "") text += fmt::format("  {}: {}\n", key, dump(value));
    return text + "  ...\n";
}

std::string indented(const std::string& text) {
    std::string result;
    for (const auto line : split_lines(text)) result += fmt::format("    {}\n", line);
    return result;
}

std::string subtest(const json& cell) {
    const auto steps = cell.value("steps", json::array());
    if (steps.empty()) return {};
    std::string text =
        fmt::format("# Subtest: {}\n1..{}\n", one_line(text_of(cell, "name")), steps.size());
    std::size_t number = 0;
    for (const auto& step : steps) {
        const auto outcome = text_of(step, "outcome");
        const bool skipped = outcome == "skipped" || outcome == "not_run";
        text += fmt::format("{} {} - {}{}\n", skipped || outcome == "passed" ? "ok" : "not ok",
                            ++number, one_line(text_of(step, "name")),
                            skipped ? " # SKIP " + one_line(text_of(step, "reason")) : "");
    }
    return indented(text);
}

std::string point(const json& cell, std::size_t number) {
    const auto status = text_of(cell, "status");
    const bool ok = status == "passed" || status == "flaky" || status == "not_run";
    auto text =
        fmt::format("{} {} - {}", ok ? "ok" : "not ok", number, one_line(text_of(cell, "name")));
    if (const auto excuse = excuse_of(cell); !excuse.empty())
        text += fmt::format(" # {} {}", status == "not_run" ? "SKIP" : "TODO", one_line(excuse));
    text += "\n";
    if (status != "passed" && status != "not_run")
        text += yaml_block({{"outcome", text_of(cell, "outcome")},
                            {"message", text_of(cell, "reason")},
                            {"evidence", evidence_of(cell)}});
    return text;
}

}  // namespace

std::string tap_report(const json& night) {
    const auto& cells = night.at("cells");
    auto text = fmt::format("TAP version 14\n1..{}\n", cells.size());
    std::size_t number = 0;
    for (const auto& cell : cells) text += subtest(cell) + point(cell, ++number);
    return text;
}

}  // namespace qh
