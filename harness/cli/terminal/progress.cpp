#include "cli/terminal/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/gdb_command.hpp"

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
    const auto how = point["how"].get<std::string>();
    if (how == "saved") return "saved; the next run goes on from here";
    if (how == "restored") return "goes on from here";
    const auto reason = point["reason"].get<std::string>();
    return reason.empty() ? "not saved" : "not saved: " + printable(first_line(reason));
}

}  // namespace

progress::progress(bool verbose)
    : paint_(STDERR_FILENO), terminal_(::isatty(STDERR_FILENO) == 1), verbose_(verbose) {}

void progress::on_event(const event& event, std::string_view raw) {
    if (event.type == "step_started") {
        step_ = event.data["name"].get<std::string>();
        step_began_ = std::chrono::steady_clock::now();
    } else if (event.type == "step_finished") {
        on_step_finished(event.data);
    } else if (event.type == "warm_start") {
        on_warm_start(event.data);
    } else if (event.type == "console_out" && verbose_ && !attached_) {
        say_console(console_.feed(raw));
    } else if (event.type == "machine_ended" && verbose_) {
        say_console(console_.finish());
    } else if (event.type == "failure") {
        say(paint_(event.data["fatal"] ? colour::red : colour::grey,
                   "        console: " + printable(event.data["line"].get<std::string>())));
        if (event.data.contains("host_excuse"))
            say(paint_(colour::grey,
                       "        " + printable(event.data["host_excuse"].get<std::string>())));
    } else if (event.type == "failure_trace" && event.data.contains("explanation")) {
        say(paint_(colour::grey,
                   "        " + printable(event.data["explanation"]["text"].get<std::string>())));
    } else if (event.type == "isa_warning") {
        say(paint_(colour::yellow,
                   "        warning: " + printable(event.data["text"].get<std::string>())));
    } else if (event.type == "stderr" && event.data.contains("text")) {
        for (const auto line : split_lines(event.data["text"].get_ref<const std::string&>()))
            say(paint_(colour::grey, "        QEMU: " + printable(line)));
    } else if (event.type == "verdict") {
        verdict_ = printable(event.data["outcome"].get<std::string>());
        if (event.data["reason"] != "")
            verdict_ += ": " + printable(event.data["reason"].get<std::string>());
    } else if (event.type == "attaching" && !verdict_.empty()) {
        show("  ....  waiting for the guest's prompt");
    } else if (event.type == "attached") {
        on_attached(event.data);
    } else if (event.type == "resumed") {
        on_resumed(event);
    } else if (event.type == "detached") {
        attached_ = false;
        say(paint_(colour::grey, fmt::format("detached from the console ({})",
                                             printable(event.data["by"].get<std::string>()))));
    }
}

/// The last lines before the guest has the terminal.
void progress::on_attached(const json& how) {
    const auto next_step = how.value("step", "");
    if (!verdict_.empty())
        say(paint_(verdict_.ends_with("passed") ? colour::green : colour::red, verdict_));
    say(paint_(colour::grey,
               "the terminal is the guest's console now; Ctrl-] leaves it and ends QEMU" +
                   (next_step.empty() ? ""
                                      : fmt::format("; Ctrl-^ has step \"{}\" and those behind it "
                                                    "run again",
                                                    printable(next_step)))));
    if (const auto socket = how.value("gdb", ""); !socket.empty())
        say(paint_(colour::grey, "  gdb: " + gdb_command(socket)));
    if (const auto socket = how.value("qmp", ""); !socket.empty())
        say(paint_(colour::grey, "  qmp: " + socket));
    attached_ = true;
}

/// What the steps do that are run again; the run's verdict stays.
void progress::on_resumed(const event& event) {
    on_event({event.when, event.data["event"], event.data}, {});
    if (event.data["event"] == "verdict") verdict_ = "run again: " + verdict_;
}

void progress::on_warm_start(const json& from) {
    if (from.contains("failed"))
        return say(paint_(colour::yellow,
                          "        the warm point could not be restored, so the "
                          "guest boots: ") +
                   printable(first_line(from["failed"].get<std::string>())));
    say(paint_(colour::grey,
               fmt::format("        goes on from the warm point of {}; what led there took {}",
                           printable(from["saved"].get<std::string>()),
                           format_duration(std::chrono::duration_cast<Duration>(
                               std::chrono::duration<double>(from["seconds"].get<double>()))))));
}

void progress::say_console(const std::vector<std::string>& lines) {
    for (const auto& line : lines) say(paint_(colour::grey, "        | " + line));
}

void progress::on_step_finished(const json& step) {
    const auto outcome = step["outcome"].get<std::string>();
    if (outcome == "not_run") return;
    const auto mark = outcome == "passed"    ? paint_(colour::green, "ok  ")
                      : outcome == "skipped" ? paint_(colour::grey, "skip")
                                             : paint_(colour::red, "FAIL");
    const auto seconds = Duration(static_cast<Duration::rep>(step["seconds"].get<double>() * 1000));
    auto line = fmt::format("  {}  {:<32} {:>9}", mark, printable(step["name"].get<std::string>()),
                            format_duration(seconds));
    if (step.contains("captures")) {
        std::string values;
        for (const auto& [name, value] : step["captures"].items())
            values += fmt::format("  {}={}", name, printable(first_line(value.get<std::string>())));
        line += paint_(colour::grey, values);
    }
    if (step.contains("host_delay_s"))
        line += paint_(colour::grey, fmt::format("  (the host was busy for {:.1f} s of it)",
                                                 step["host_delay_s"].get<double>()));
    if (step.contains("warm")) line += paint_(colour::grey, "  " + warm_text(step["warm"]));
    if (step.contains("reason"))
        line += "  " + printable(first_line(step["reason"].get<std::string>()));
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
            .on_event = [this](const auto& event, auto raw) { on_event(event, raw); },
            .on_console = [this](auto last_line) { on_console(last_line); }};
}

void progress::erase_live_line() {
    if (live_) std::fputs("\r\x1b[K", stderr);
    live_ = false;
}

}  // namespace qh
