#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "base/units.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

constexpr Duration redraw_interval = 200ms;
constexpr Duration log_interval = 30s;
constexpr const char* red = "31";
constexpr const char* green = "32";
constexpr const char* grey = "90";

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

}  // namespace

progress::progress() : terminal_(::isatty(STDERR_FILENO) == 1) {
    const char* const no_color = std::getenv("NO_COLOR");
    colours_ = terminal_ && !(no_color && *no_color);
}

std::string progress::coloured(const char* code, const std::string& text) const {
    return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

void progress::on_event(const event& event) {
    if (event.type == "step_started") {
        step_ = event.data["name"].get<std::string>();
        step_began_ = event.when;
    } else if (event.type == "step_finished") {
        on_step_finished(event.data);
    } else if (event.type == "failure") {
        say(coloured(event.data["fatal"] ? red : grey,
                     "        console: " + event.data["line"].get<std::string>()));
    } else if (event.type == "failure_trace" && event.data.contains("explanation")) {
        say(coloured(grey, "        " + event.data["explanation"]["text"].get<std::string>()));
    } else if (event.type == "stderr" && event.data.contains("text")) {
        for (const auto line : split_lines(event.data["text"].get_ref<const std::string&>()))
            say(coloured(grey, "        QEMU: " + printable(line)));
    }
}

void progress::on_step_finished(const json& step) {
    const auto outcome = step["outcome"].get<std::string>();
    if (outcome == "not_run") return;
    const auto mark = outcome == "passed"    ? coloured(green, "ok  ")
                      : outcome == "skipped" ? coloured(grey, "skip")
                                             : coloured(red, "FAIL");
    const auto seconds = Duration(static_cast<Duration::rep>(step["seconds"].get<double>() * 1000));
    auto line = fmt::format("  {}  {:<32} {:>9}", mark, printable(step["name"].get<std::string>()),
                            format_duration(seconds));
    if (step.contains("captures")) {
        std::string values;
        for (const auto& [name, value] : step["captures"].items())
            values += fmt::format("  {}={}", name, printable(first_line(value.get<std::string>())));
        line += coloured(grey, values);
    }
    if (step.contains("host_delay_s"))
        line += coloured(grey, fmt::format("  (the host was busy for {:.1f} s of it)",
                                           step["host_delay_s"].get<double>()));
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
    std::fputs((line + "\n").c_str(), stderr);
}

void progress::show(const std::string& line) {
    if (!terminal_) return say(line);
    erase_live_line();
    std::fputs(cut_to(line, terminal_width() - 1).c_str(), stderr);
    std::fflush(stderr);
    live_ = true;
}

void progress::erase_live_line() {
    if (live_) std::fputs("\r\x1b[K", stderr);
    live_ = false;
}

std::string summary(const json& result, const std::filesystem::path& directory) {
    std::size_t passed = 0;
    const json* decisive = nullptr;
    for (const auto& step : result["steps"]) {
        if (step["outcome"] == "passed")
            ++passed;
        else if (!decisive && step["outcome"] != "not_run")
            decisive = &step;
    }
    auto text =
        fmt::format("{}: {}, {} of {} steps passed", result["outcome"].get<std::string>(),
                    result["scenario"]["name"].get<std::string>(), passed, result["steps"].size());
    if (result.contains("cost"))
        text += fmt::format(", {:.1f} s", result["cost"]["wall_s"].get<double>());
    if (result["outcome"] != "passed") {
        text += "\n  reason:  " + printable(result["reason"].get<std::string>());
        if (decisive && decisive->value("output", "") != "")
            text += fmt::format("\n  output:  {}",
                                last_lines((*decisive)["output"].get<std::string>(), 10));
        if (decisive && decisive->value("stderr", "") != "")
            text += fmt::format("\n  stderr:  {}",
                                last_lines((*decisive)["stderr"].get<std::string>(), 10));
        if (result.value("excerpt", "") != "") {
            text += "\n  console:";
            for (const auto line : split_lines(result["excerpt"].get_ref<const std::string&>()))
                text += fmt::format("\n    {}", line);
        }
    }
    return text + fmt::format("\n  record:  {}\n", directory.string());
}

}  // namespace qh
