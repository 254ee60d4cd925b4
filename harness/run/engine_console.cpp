// What the engine does about what the console says.
#include <fmt/ranges.h>

#include <algorithm>

#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "run/engine.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// A trace goes on after the line that gave the failure away.
constexpr auto drain_time = 1s;
/// A guest may warn without end. Behind so many failures only the first fatal one is told.
constexpr std::size_t most_failures = 200;
/// A prompt rests; what is only passing by does not. What may yet grow has to rest longer.
constexpr auto brief_rest = 100ms, long_rest = 250ms;

}  // namespace

void engine::on_console(std::string_view bytes, time_point now) {
    activity_.on_output(now);
    last_output_ = now;
    if (console_.expecting()) settle_deadline_ = now + brief_rest;
    const bool kernel_apart = shell_.tells_kernel_lines_apart();
    console_.watch(!kernel_apart);
    for (auto rest = bytes; !rest.empty();) {
        rest.remove_prefix(console_.feed(rest));
        proceed(now);
    }
    boot_.on_open_line(console_.open_line(), now);
    shell_.feed(bytes, now);
    const auto kernel_lines = shell_.take_kernel_lines();
    if (kernel_apart)
        for (const auto& line : kernel_lines) console_.on_kernel_line(line);
    // What the kernel said of a command goes before the command's result.
    while (const auto event = kernel_apart ? console_.next() : std::nullopt) handle(*event, now);
    proceed(now);
}

void engine::on_channel(std::string_view bytes, time_point now) {
    activity_.on_output(now);
    shell_.feed_channel(bytes, now);
    proceed(now);
}

void engine::handle(const console_event& event, time_point now) {
    std::visit(overloaded{[&](const failure& found) { note_failure(found, now); },
                          [&](const failure_trace& trace) { note_trace(trace, now); },
                          [&](const milestone& reached) { note_milestone(reached, now); },
                          [&](const expectation::match& match) {
                              if (!drain_deadline_) finish_expect(match, now);
                          }},
               event);
}

void engine::note_failure(const failure& found, time_point now) {
    if (step_running_) sigill_.on_failure(found.title);
    const auto excuse =
        found.watchdog
            ? excuse_for(*found.watchdog, host_delay_.within_last(found.watchdog->elapsed))
            : std::string();
    const bool fatal = found.fatal && (excuse.empty() || found.watchdog->ends_all);
    const bool first_fatal = fatal && !evidence_.fatal_failure;
    if (failures_ >= most_failures && !first_fatal) {
        ++failures_untold_;
        return;
    }
    ++failures_;
    json data = {{"kind", found.kind},
                 {"title", found.title},
                 {"fatal", fatal},
                 {"line", found.line},
                 {"step", step_running_ ? current().name : ""}};
    if (!excuse.empty()) data["host_excuse"] = excuse;
    const auto explanation = sigill_.of_init(found.title);
    if (!explanation.empty()) data["explanation"] = {{"text", explanation}};
    emit("failure", std::move(data), now);
    if (!first_fatal) return;
    evidence_.fatal_failure = found;
    evidence_.host_excuse = excuse;
    evidence_.explanation = explanation;
    fatal_trace_ = {found.line};
    if (step_running_) evidence_.step_in_progress = current().name;
    if (!steps_done_) drain_deadline_ = now + drain_time;
}

/// Only where a scenario's own QEMU arguments let the machine go on after a reset.
void engine::note_reset(time_point now) {
    if (rebooting_) return begin_anew(now);
    console_.on_reset();
    note_failure({"reset", "the guest rebooted unasked", true, "QMP: RESET"}, now);
}

void engine::note_trace(const failure_trace& trace, time_point now) {
    json data = {
        {"title", trace.title}, {"site", trace.site}, {"lines", trace.lines}, {"cut", trace.cut}};
    if (auto explanation = sigill_.on_trace(trace)) data["explanation"] = std::move(*explanation);
    const bool of_fatal = evidence_.fatal_failure &&
                          evidence_.fatal_failure->title == trace.title &&
                          evidence_.fatal_site.empty();
    if (traces_ >= most_failures && !of_fatal) return;
    ++traces_;
    emit("failure_trace", std::move(data), now);
    if (!of_fatal) return;
    fatal_trace_ = trace.lines;
    evidence_.fatal_site = trace.site;
}

void engine::note_milestone(const milestone& reached, time_point now) {
    emit("milestone", {{"kind", reached.kind}, {"title", reached.title}}, now);
    boot_.on_milestone(reached.kind);
    if (reached.kind == "init") sigill_.on_init(reached.title);
    if (reached.kind == "opensbi") facts_.emplace("machine.opensbi", reached.title);
}

/// The lines that prove the fatal failure: its trace's beginning, or where the console ended.
std::string engine::failure_excerpt() const {
    if (fatal_trace_.size() < 2) return excerpt(console_, excerpt_lines);
    const auto shown = std::min(fatal_trace_.size(), excerpt_lines);
    auto text = fmt::format(
        "{}", fmt::join(fatal_trace_.begin(),
                        fatal_trace_.begin() + static_cast<std::ptrdiff_t>(shown), "\n"));
    if (shown < fatal_trace_.size())
        text += fmt::format("\n[… {} more lines of the trace in result.json …]",
                            fatal_trace_.size() - shown);
    return text;
}

/// Lets what is expected match the open line once the console rests.
void engine::settle_console(time_point now) {
    if (!settle_deadline_ || now < *settle_deadline_) return;
    const bool rested = now >= last_output_ + long_rest;
    settle_deadline_.reset();
    if (!rested) settle_deadline_ = last_output_ + long_rest;
    console_.settle(rested);
}

void engine::type_out() {
    if (const auto typing = shell_.take_typing(); !typing.empty()) type(typing);
    if (const auto typing = shell_.take_channel_typing(); !typing.empty())
        machine_.send_channel(typing);
}

void engine::type(std::string_view bytes) {
    console_.on_typed(bytes);
    machine_.send_console(bytes);
}

}  // namespace qh
