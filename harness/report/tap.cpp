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

std::string step_point(const step_record& step, std::size_t number) {
    const auto line = [&](const char* verdict) {
        return fmt::format("{} {} - {}", verdict, number, one_line(plain(step.name)));
    };
    switch (step.outcome) {
        case step_outcome::passed:
            return line("ok");
        case step_outcome::failed:
        case step_outcome::timed_out:
            return line("not ok");
        case step_outcome::skipped:
        case step_outcome::not_run:
            return line("ok") + " # SKIP " + one_line(plain(step.reason));
    }
    return {};
}

std::string subtest(const cell_result& cell) {
    const auto& steps = cell.run.steps();
    if (steps.empty()) return {};
    auto text =
        fmt::format("# Subtest: {}\n1..{}\n", one_line(plain(cell.what.name)), steps.size());
    std::size_t number = 0;
    for (const auto& step : steps) text += step_point(step, ++number) + "\n";
    return indented(text);
}

std::string point(const cell_result& cell, std::size_t number) {
    const auto line = [&](const char* verdict) {
        return fmt::format("{} {} - {}", verdict, number, one_line(plain(cell.what.name)));
    };
    const auto excuse = one_line(excuse_of(cell));
    const auto why = [&] {
        return yaml_block({{"outcome", name_of(cell.outcome)},
                           {"message", plain(cell.reason)},
                           {"evidence", evidence_of(cell)}});
    };
    switch (cell.status) {
        case cell_status::passed:
            return line("ok") + "\n";
        case cell_status::flaky:
            return line("ok") + "\n" + why();
        case cell_status::not_run:
            return line("ok") + " # SKIP " + excuse + "\n";
        case cell_status::expected_failure:
        case cell_status::quarantined:
            return line("not ok") + " # TODO " + excuse + "\n" + why();
        case cell_status::failed:
        case cell_status::infra_error:
            return line("not ok") + "\n" + why();
    }
    return {};
}

}  // namespace

std::string tap_report(const night_result& night) {
    auto text = fmt::format("TAP version 14\n1..{}\n", night.cells.size());
    std::size_t number = 0;
    for (const auto& cell : night.cells) text += subtest(cell) + point(cell, ++number);
    return text;
}

}  // namespace qh
