#include "cli/matrix/night_display.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "base/units.hpp"

namespace qh {
namespace {

colour colour_of(cell_status status) {
    switch (status) {
        case cell_status::passed:
            return colour::green;
        case cell_status::failed:
        case cell_status::infra_error:
            return colour::red;
        case cell_status::not_run:
        case cell_status::expected_failure:
            return colour::grey;
        default:
            return colour::yellow;
    }
}

std::string seconds_text(double seconds) {
    return format_duration(Duration(static_cast<Duration::rep>(seconds * 1000)));
}

std::string first_line(const std::string& text) {
    return printable(text.substr(0, text.find('\n')));
}

/// In the order in which a person wants to know of them.
constexpr cell_status told_first[] = {
    cell_status::failed,      cell_status::infra_error,      cell_status::flaky,
    cell_status::quarantined, cell_status::expected_failure, cell_status::not_run,
    cell_status::passed};

std::string cell_lines(const json& cell) {
    std::string text = fmt::format("\n  {}", cell["name"].get<std::string>());
    for (const auto line : split_lines(cell["reason"].get_ref<const std::string&>()))
        text += fmt::format("\n    {}", printable(line));
    if (cell.contains("expected") && cell["status"] == "expected_failure")
        text +=
            fmt::format("\n    expected until {}: {}", cell["expected"]["until"].get<std::string>(),
                        printable(cell["expected"]["reason"].get<std::string>()));
    if (cell.contains("quarantine") && cell["status"] == "quarantined")
        text += "\n    in quarantine: " + printable(cell["quarantine"].get<std::string>());
    for (const auto& attempt : cell["attempts"])
        if (attempt["record"] != "" && cell["status"] != "expected_failure")
            text += fmt::format("\n    {:<9} {}", attempt["outcome"].get<std::string>() + ":",
                                attempt["record"].get<std::string>());
    return text;
}

}  // namespace

night_display::night_display(std::size_t cells, std::string today)
    : paint_(STDERR_FILENO), cells_(cells), today_(std::move(today)) {}

void night_display::on_started(const cell&, std::size_t) {}

void night_display::on_attempt(const cell& what, const cell_attempt& attempt, bool again) {
    if (!again) ++done_;
    const auto status = status_of(what, attempt.outcome, today_);
    const auto word =
        status == cell_status::failed ? attempt.outcome : std::string(name_of(status));
    auto line =
        fmt::format("  {} {:>8}  {}", paint_(colour_of(status), fmt::format("{:<16}", word)),
                    seconds_text(attempt.seconds), what.name);
    if ((attempt.outcome != "passed" || attempt.nodes.size() > 1) && !attempt.reason.empty())
        line += "  " + first_line(attempt.reason);
    if (again) line += "  (tried again)";
    fmt::print(stderr, "{:>5}/{}{}\n", done_, cells_, line);
}

void night_display::on_stopped(const std::string& reason) {
    fmt::print(stderr, "  no more cells are started: {}\n", reason);
}

void night_display::on_message(const std::string& text) {
    fmt::print(stderr, "  {}\n", text);
}

std::string night_summary(const json& night, const painter& paint) {
    std::string text;
    std::string counts;
    for (const auto status : told_first) {
        const auto name = std::string(name_of(status));
        const auto count = night["counts"].value(name, 0);
        if (count == 0) continue;
        if (!counts.empty()) counts += ", ";
        counts += paint(colour_of(status), fmt::format("{} {}", count, name));
        if (status == cell_status::passed || status == cell_status::not_run) continue;
        text += "\n" + paint(colour_of(status), name) + ":";
        for (const auto& cell : night["cells"])
            if (cell["status"] == name) text += cell_lines(cell);
    }
    for (const auto& cell : night["cells"])
        if (cell.contains("unexpected_pass"))
            text += fmt::format(
                "\n{} passed although its failure is expected until {}: the rule can go",
                cell["name"].get<std::string>(), cell["expected"]["until"].get<std::string>());
    if (!text.empty()) text = text.substr(1) + "\n";
    return text + fmt::format("{}: {} cells in {}: {}\n  record:  {}\n",
                              night["matrix"].get<std::string>(), night["cells"].size(),
                              seconds_text(night["wall_s"].get<double>()), counts,
                              night["folder"].get<std::string>());
}

}  // namespace qh
