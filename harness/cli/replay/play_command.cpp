#include "cli/replay/play_command.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/terminal/colour.hpp"
#include "cli/terminal/option_checks.hpp"
#include "process/raw_terminal.hpp"
#include "record/cast.hpp"
#include "replay/player.hpp"
#include "replay/recording.hpp"

namespace qh {
namespace {

struct play_request {
    std::string folder, idle_limit, cast;
    play_options options;
    bool raw = false;
};

time_point now() {
    return std::chrono::steady_clock::now();
}

/// The recording's console and steps, as they are to be shown.
class play_list {
  public:
    play_list(const std::filesystem::path& journal, bool raw)
        : reader_(journal), raw_(raw), paint_(STDOUT_FILENO) {}

    std::optional<play_item> next() {
        while (const auto entry = reader_.next()) {
            const auto& [when, what] = entry->told;
            play_item item = {when, {}, {}};
            if (const auto* console = std::get_if<events::console_out>(&what)) {
                item.bytes = raw_ ? console->bytes : harmless_.feed(console->bytes);
                return item;
            }
            const auto* step = std::get_if<events::step_started>(&what);
            if (!step) continue;
            item.step = step->name;
            ++steps_;
            if (!raw_)
                item.bytes = "\r\n" +
                             paint_(colour::grey, fmt::format("--- step {}: {} ---", steps_,
                                                              printable(item.step))) +
                             "\r\n";
            return item;
        }
        return std::nullopt;
    }

  private:
    journal_reader reader_;
    bool raw_;
    painter paint_;
    harmless_text harmless_;
    std::size_t steps_ = 0;
};

/// Whether somebody still takes it.
bool write_out(std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() &&
           std::fflush(stdout) == 0;
}

/// What would end us where we stand, with the terminal raw, as something to be read.
class end_signals {
  public:
    end_signals() {
        sigset_t ends;
        sigemptyset(&ends);
        for (const int number : {SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&ends, number);
        ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
        fd_ = unique_fd(::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK));
    }

    int descriptor() const { return fd_.get(); }

  private:
    unique_fd fd_;
};

void wait(std::optional<raw_terminal>& terminal, const end_signals& signals, player& play) {
    const auto due = play.deadline();
    const auto left = due ? std::chrono::ceil<std::chrono::milliseconds>(*due - now()).count() : -1;
    constexpr long longest_ms = 3'600'000;
    pollfd sources[] = {{terminal ? terminal->descriptor() : -1, POLLIN, 0},
                        {signals.descriptor(), POLLIN, 0}};
    const auto& [keys, ends] = sources;
    ::poll(sources, 2, due ? static_cast<int>(std::clamp(left, 0L, longest_ms)) : -1);
    if (ends.revents != 0) throw error(fault::interrupted, "interrupted");
    if (!terminal || keys.revents == 0) return;
    const auto typed = terminal->read();
    if (!typed) return play.on_key('q', now());
    for (const char key : *typed) play.on_key(key, now());
}

int show(const play_request& request) {
    play_list list(std::filesystem::path(request.folder) / "journal.jsonl", request.raw);
    player play(request.options);
    const bool in_time = ::isatty(STDOUT_FILENO) == 1;
    std::optional<raw_terminal> terminal;
    const end_signals signals;
    if (in_time && has_terminal()) terminal.emplace();
    while (!play.ended()) {
        if (play.wants_item()) {
            auto item = list.next();
            if (!item) break;
            play.offer(std::move(*item), now());
        }
        // Who only wants the text does not want to wait for it.
        const auto time = in_time ? now() : play.deadline().value_or(now());
        const auto bytes = play.take(time);
        if (terminal)
            terminal->write(bytes);
        else if (!write_out(bytes))
            return 0;
        if (!play.wants_item() && in_time) wait(terminal, signals, play);
    }
    terminal.reset();
    if (!play.found_step() && !play.ended())
        throw usage_error("{} has no step {}", request.folder, request.options.step);
    return 0;
}

/// The recording as a cast, on standard output.
int print_cast(const play_request& request) {
    const auto recorded = read_recording(request.folder);
    const auto scenario = recorded.run ? recorded.run->scenario : json::object();
    cast lines(request.cast == "v2" ? cast_version::v2 : cast_version::v3,
               scenario.value("name", std::string("qharness")), std::nullopt);
    journal_reader reader(recorded.journal());
    for (bool taken = write_out(lines.header()); taken;) {
        const auto entry = reader.next();
        if (!entry) break;
        taken = write_out(lines.on_event(entry->told));
    }
    return 0;
}

int play(play_request& request) {
    if (!request.idle_limit.empty())
        request.options.idle_limit = parse_duration(request.idle_limit);
    try {
        return request.cast.empty() ? show(request) : print_cast(request);
    } catch (const json::exception& e) {
        throw usage_error("{} is no record of a run: {}", request.folder, e.what());
    }
}

}  // namespace

void add_play_command(CLI::App& app, int& exit_code) {
    auto request = std::make_shared<play_request>();
    auto* const command = app.add_subcommand("play", "Show a recorded run's console as it was");
    command->add_option("RUN", request->folder, "a run directory")->required()->type_name("DIR");
    command->add_option("--speed", request->options.speed, "how many times faster than it was")
        ->check(CLI::Range(0.01, 1000.0))
        ->check(not_nan())
        ->type_name("X");
    command->add_option("--idle-limit", request->idle_limit, "no pause longer than that: 2s, 500ms")
        ->type_name("TIME");
    auto* const step = command->add_option("--step", request->options.step,
                                           "begin with that step: its name or number");
    step->type_name("STEP");
    command->add_flag("--raw", request->raw,
                      "give the terminal the guest's bytes as they are, escapes too");
    command
        ->add_option("--cast", request->cast,
                     "print the recording as an asciicast of that version instead")
        ->check(CLI::IsMember({"v2", "v3"}))
        ->excludes(step);
    command->footer(
        "Keys: space pauses and goes on, . shows the next piece of a paused one, n jumps to the\n"
        "next step, + and - change the speed, q ends it.\n\n"
        "Examples:\n"
        "  qharness play runs/20261121T162344Z-crash-ff8d --speed 4 --idle-limit 1s\n"
        "  qharness play runs/20261121T162344Z-crash-ff8d --step sysrq\n"
        "  qharness play runs/20261121T162344Z-crash-ff8d --cast v2 > crash.cast");
    command->callback([request, &exit_code] { exit_code = play(*request); });
}

}  // namespace qh
