// What the engine does about what the console says.
#include "base/overloaded.hpp"
#include "run/engine.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// A trace goes on after the line that gave the failure away.
constexpr auto drain_time = 1s;
/// A guest may warn without end. Behind so many failures only the first fatal one is told.
constexpr std::size_t most_failures = 200;

}  // namespace

void engine::on_console(std::string_view bytes, time_point now) {
    guest_.now = now;
    guest_.activity.on_output(now);
    guest_.rest.on_output(now, guest_.console.expecting());
    const bool kernel_apart = guest_.shell.tells_kernel_lines_apart();
    guest_.console.watch(!kernel_apart);
    for (auto rest = bytes; !rest.empty();) {
        rest.remove_prefix(guest_.console.feed(rest));
        proceed();
    }
    guest_.boot.on_console(bytes, guest_.console.open_line(), now);
    guest_.shell.feed(bytes, now);
    const auto kernel_lines = guest_.shell.take_kernel_lines();
    if (kernel_apart)
        for (const auto& line : kernel_lines) guest_.console.on_kernel_line(line);
    // What the kernel said of a command goes before the command's result.
    while (const auto event = kernel_apart ? guest_.console.next() : std::nullopt) handle(*event);
    proceed();
}

void engine::on_channel(std::string_view bytes, time_point now) {
    guest_.now = now;
    guest_.activity.on_output(now);
    guest_.shell.feed_channel(bytes, now);
    proceed();
}

void engine::handle(const console_event& event) {
    std::visit(overloaded{[&](const failure& found) { note_failure(found); },
                          [&](const failure_trace& trace) { note_trace(trace); },
                          [&](const milestone& reached) { note_milestone(reached); },
                          [&](const expectation::match& match) { on_match(match); }},
               event);
}

void engine::note_failure(const failure& found) {
    if (step_) guest_.sigill.on_failure(found.title);
    const auto excuse =
        found.watchdog
            ? excuse_for(*found.watchdog, guest_.host_delay.within_last(found.watchdog->elapsed))
            : std::string();
    const bool fatal = found.fatal && (excuse.empty() || found.watchdog->ends_all);
    const bool first_fatal = fatal && !evidence_.fatal_failure;
    if (told_.failures >= most_failures && !first_fatal) {
        ++told_.untold;
        return;
    }
    ++told_.failures;
    events::failure told = {found.kind, found.title, fatal, found.line,
                            step_ ? current().name : ""};
    if (!excuse.empty()) told.host_excuse = excuse;
    const auto explanation = guest_.sigill.of_init(found.title);
    if (!explanation.empty()) told.explanation = json{{"text", explanation}};
    emit(std::move(told));
    if (!first_fatal) return;
    evidence_.fatal_failure = found;
    evidence_.host_excuse = excuse;
    evidence_.explanation = explanation;
    fatal_trace_ = {found.line};
    if (step_) evidence_.step_in_progress = current().name;
    if (!steps_done_) drain_deadline_ = guest_.now + drain_time;
}

/// Only where a scenario's own QEMU arguments let the machine go on after a reset.
void engine::on_reset(time_point now) {
    guest_.now = now;
    if (step_ && step_->on_reset()) {
        guest_.begin_anew();
        return emit(events::rebooted());
    }
    guest_.console.on_reset();
    note_failure({"reset", "the guest rebooted unasked", true, "QMP: RESET"});
}

void engine::note_trace(const failure_trace& trace) {
    events::failure_trace told = {trace.title, trace.site, trace.lines, trace.cut,
                                  guest_.sigill.on_trace(trace)};
    const bool of_fatal = evidence_.fatal_failure &&
                          evidence_.fatal_failure->title == trace.title &&
                          evidence_.fatal_site.empty();
    if (told_.traces >= most_failures && !of_fatal) return;
    ++told_.traces;
    if (of_fatal && evidence_.explanation.empty() && told.explanation)
        evidence_.explanation = told.explanation->value("text", "");
    emit(std::move(told));
    if (!of_fatal) return;
    fatal_trace_ = trace.lines;
    evidence_.fatal_site = trace.site;
}

void engine::note_milestone(const milestone& reached) {
    emit(events::milestone{reached.kind, reached.title});
    guest_.boot.on_milestone(reached.kind);
    if (reached.kind == "init") guest_.sigill.on_init(reached.title);
    if (reached.kind == "opensbi") guest_.values.on_firmware(reached.title);
}

}  // namespace qh
