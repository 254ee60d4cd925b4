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
        case cell_status::flaky:
        case cell_status::quarantined:
            return colour::yellow;
    }
    return colour::yellow;
}

std::string seconds_text(double seconds) {
    return format_duration(Duration(static_cast<Duration::rep>(seconds * 1000)));
}

std::string first_line(const std::string& text) {
    return printable(text.substr(0, text.find('\n')));
}

std::string records_of(const cell_result& cell) {
    std::string text;
    for (const auto& attempt : cell.attempts)
        if (!attempt.record.empty())
            text += fmt::format("\n    {:<9} {}", fmt::format("{}:", name_of(attempt.outcome)),
                                attempt.record);
    return text;
}

/// What the summary tells of a cell; nothing where its count is enough.
std::string cell_lines(const cell_result& cell) {
    auto text = fmt::format("\n  {}", cell.what.name);
    for (const auto line : split_lines(cell.reason))
        text += fmt::format("\n    {}", printable(line));
    switch (cell.status) {
        case cell_status::failed:
        case cell_status::infra_error:
        case cell_status::flaky:
            return text + records_of(cell);
        case cell_status::quarantined:
            return text + "\n    in quarantine: " + printable(cell.what.quarantine) +
                   records_of(cell);
        case cell_status::expected_failure:
            if (const auto& known = cell.what.expected)
                text += fmt::format("\n    expected until {}: {}", known->until,
                                    printable(known->reason));
            return text;
        case cell_status::passed:
        case cell_status::not_run:
            return {};
    }
    return {};
}

}  // namespace

night_display::night_display(std::size_t cells, std::string today)
    : paint_(STDERR_FILENO), cells_(cells), today_(std::move(today)) {}

void night_display::on_started(const cell&, std::size_t) {}

void night_display::on_attempt(const cell& what, const cell_attempt& attempt, bool again) {
    if (!again) ++done_;
    const auto status = status_of(what, as_cell_outcome(attempt.outcome), today_);
    const auto word = status == cell_status::failed ? name_of(attempt.outcome) : name_of(status);
    auto line =
        fmt::format("  {} {:>8}  {}", paint_(colour_of(status), fmt::format("{:<16}", word)),
                    seconds_text(attempt.seconds.value_or(0)), what.name);
    if ((attempt.outcome != run_outcome::passed || attempt.nodes.size() > 1) &&
        !attempt.reason.empty())
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

std::string night_summary(const night_result& night, const painter& paint) {
    std::string text, counts;
    for (const auto status : told_first) {
        std::string lines;
        std::size_t count = 0;
        for (const auto& cell : night.cells)
            if (cell.status == status) {
                lines += cell_lines(cell);
                ++count;
            }
        if (count == 0) continue;
        if (!counts.empty()) counts += ", ";
        counts += paint(colour_of(status), fmt::format("{} {}", count, name_of(status)));
        if (!lines.empty())
            text += "\n" + paint(colour_of(status), std::string(name_of(status))) + ":" + lines;
    }
    for (const auto& cell : night.cells)
        if (cell.unexpected_pass && cell.what.expected)
            text += fmt::format(
                "\n{} passed although its failure is expected until {}: the rule can go",
                cell.what.name, cell.what.expected->until);
    if (!text.empty()) text = text.substr(1) + "\n";
    return text + fmt::format("{}: {} cells in {}: {}\n  record:  {}\n", night.matrix,
                              night.cells.size(), seconds_text(night.wall_s), counts,
                              night.folder.string());
}

}  // namespace qh
