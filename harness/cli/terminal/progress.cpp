#include "cli/terminal/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/gdb_command.hpp"
#include "run/events/event_json.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

constexpr Duration redraw_interval = 200ms;
constexpr Duration log_interval = 30s;

std::size_t terminal_width() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

/// At most `width` characters of valid UTF-8.
std::string cut_to(std::string text, std::size_t width) {
    if (text.size() <= width) return text;
    text.resize(width > 0 ? width - 1 : 0);
    while (!is_valid_utf8(text)) text.pop_back();
    return text;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string warm_text(const json& point) {
    const auto how = point.value("how", "");
    if (how == "saved") return "saved; the next run goes on from here";
    if (how == "restored") return "goes on from here";
    const auto reason = point.value("reason", "");
    return reason.empty() ? "not saved" : "not saved: " + printable(first_line(reason));
}

}  // namespace

progress::progress(bool verbose)
    : paint_(STDERR_FILENO), terminal_(::isatty(STDERR_FILENO) == 1), verbose_(verbose) {}

void progress::on(const event_data& what) {
    using namespace events;
    std::visit(
        overloaded{[&](const step_started& step) { on(step); },
                   [&](const step_finished& step) { on(step); },
                   [&](const warm_start& from) { on(from); },
                   [&](const console_out& console) {
                       if (verbose_ && !attached_) say_console(console_.feed(console.bytes));
                   },
                   [&](const machine_ended&) {
                       if (verbose_) say_console(console_.finish());
                   },
                   [&](const events::failure& found) { on(found); },
                   [&](const events::failure_trace& trace) {
                       if (trace.explanation) say_quietly(trace.explanation->value("text", ""));
                   },
                   [&](const isa_warning& warning) {
                       say(paint_(colour::yellow, "        warning: " + printable(warning.text)));
                   },
                   [&](const error_output& qemu) { on(qemu); },
                   [&](const events::verdict& judged) { on(judged); },
                   [&](const attaching&) {
                       if (!verdict_.empty()) show("  ....  waiting for the guest's prompt");
                   },
                   [&](const attached& how) { on(how); }, [&](const detached& how) { on(how); },
                   [&](const resumed& told) { on(told); },
                   passing_over<console_in, channel_out, channel_in, run_started, machine_started,
                                connected, machine_reset, machine_shutdown, machine_paused,
                                machine_lost, cpu, tick, interrupted, judging, warm_point, rebooted,
                                facts, measurement, events::milestone, stopping, step_position,
                                console_cut, channel_cut, run_finished, attempts, qmp, qmp_in>()},
        what);
}

void progress::say_quietly(const std::string& text) {
    say(paint_(colour::grey, "        " + printable(text)));
}

void progress::on(const events::step_started& step) {
    step_ = step.name;
    step_began_ = std::chrono::steady_clock::now();
}

void progress::on(const events::failure& found) {
    say(paint_(found.fatal ? colour::red : colour::grey,
               "        console: " + printable(found.line)));
    if (found.host_excuse) say_quietly(*found.host_excuse);
}

/// Bytes that are no text are only recorded.
void progress::on(const events::error_output& qemu) {
    if (!is_valid_utf8(qemu.bytes)) return;
    for (const auto line : split_lines(qemu.bytes)) say_quietly("QEMU: " + std::string(line));
}

void progress::on(const events::verdict& judged) {
    verdict_ = name_of(judged.outcome);
    if (!judged.reason.empty()) verdict_ += ": " + printable(judged.reason);
}

void progress::on(const events::detached& how) {
    attached_ = false;
    say(paint_(colour::grey, fmt::format("detached from the console ({})", printable(how.by))));
}

/// The last lines before the guest has the terminal.
void progress::on(const events::attached& how) {
    const auto next_step = how.step.value_or("");
    if (!verdict_.empty())
        say(paint_(verdict_.ends_with("passed") ? colour::green : colour::red, verdict_));
    say(paint_(colour::grey,
               "the terminal is the guest's console now; Ctrl-] leaves it and ends QEMU" +
                   (next_step.empty() ? ""
                                      : fmt::format("; Ctrl-^ has step \"{}\" and those behind it "
                                                    "run again",
                                                    printable(next_step)))));
    if (!how.gdb.empty()) say(paint_(colour::grey, "  gdb: " + gdb_command(how.gdb)));
    if (!how.qmp.empty()) say(paint_(colour::grey, "  qmp: " + how.qmp));
    attached_ = true;
}

/// What the steps do that are run again; the run's verdict stays.
void progress::on(const events::resumed& told) {
    const auto what = event_within(told);
    on(what);
    if (std::holds_alternative<events::verdict>(what)) verdict_ = "run again: " + verdict_;
}

void progress::on(const events::warm_start& from) {
    if (from.failed)
        return say(paint_(colour::yellow,
                          "        the warm point could not be restored, so the "
                          "guest boots: ") +
                   printable(first_line(*from.failed)));
    say(paint_(colour::grey,
               fmt::format("        goes on from the warm point of {}; what led there took {}",
                           printable(from.saved.value_or("")),
                           format_duration(std::chrono::duration_cast<Duration>(
                               std::chrono::duration<double>(from.seconds.value_or(0)))))));
}

void progress::say_console(const std::vector<std::string>& lines) {
    for (const auto& line : lines) say(paint_(colour::grey, "        | " + line));
}

void progress::on(const events::step_finished& step) {
    if (step.outcome == step_outcome::not_run) return;
    const auto mark = step.outcome == step_outcome::passed    ? paint_(colour::green, "ok  ")
                      : step.outcome == step_outcome::skipped ? paint_(colour::grey, "skip")
                                                              : paint_(colour::red, "FAIL");
    const auto seconds = Duration(static_cast<Duration::rep>(step.seconds * 1000));
    auto line =
        fmt::format("  {}  {:<32} {:>9}", mark, printable(step.name), format_duration(seconds));
    const auto& details = step.details.values;
    if (details.contains("captures")) {
        std::string values;
        for (const auto& [name, value] : details["captures"].items())
            values += fmt::format(
                "  {}={}", name,
                printable(first_line(value.is_string() ? value.get<std::string>() : dump(value))));
        line += paint_(colour::grey, values);
    }
    if (step.host_delay_s)
        line += paint_(colour::grey,
                       fmt::format("  (the host was busy for {:.1f} s of it)", *step.host_delay_s));
    if (details.contains("warm")) line += paint_(colour::grey, "  " + warm_text(details["warm"]));
    if (step.reason) line += "  " + printable(first_line(*step.reason));
    step_.clear();
    say(line);
}

void progress::on_console(std::string_view last_line) {
    if (step_.empty()) return;
    const auto now = std::chrono::steady_clock::now();
    const auto since = std::max(drawn_, step_began_);
    if (now - (terminal_ ? drawn_ : since) < (terminal_ ? redraw_interval : log_interval)) return;
    drawn_ = now;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - step_began_);
    show(fmt::format("  ....  {:<32} {:>7} s  {}", printable(step_), seconds.count(),
                     printable(trim(last_line))));
}

void progress::say(const std::string& line) {
    erase_live_line();
    // A terminal that is a guest's console goes down with a new line, and no more.
    std::fputs((line + (attached_ ? "\r\n" : "\n")).c_str(), stderr);
}

void progress::show(const std::string& line) {
    if (!terminal_) return say(line);
    erase_live_line();
    std::fputs(cut_to(line, terminal_width() - 1).c_str(), stderr);
    std::fflush(stderr);
    live_ = true;
}

run_watch progress::watch() {
    return {.say = [this](const auto& line) { say(line); },
            .on_event = [this](const auto& event) { on_event(event); },
            .on_console = [this](auto last_line) { on_console(last_line); }};
}

void progress::erase_live_line() {
    if (live_) std::fputs("\r\x1b[K", stderr);
    live_ = false;
}

}  // namespace qh
