#include "cli/replay/replay_log.hpp"

#include <unistd.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/replay/replay_report.hpp"
#include "cli/terminal/colour.hpp"
#include "cli/terminal/console_lines.hpp"
#include "replay/log_judge.hpp"
#include "replay/log_source.hpp"
#include "replay/log_survey.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

struct read_log {
    log_findings found;
    std::vector<judged_step> steps;
    log_format format = log_format::text;
    std::string packing;
    std::vector<std::string> notes;
};

bool is_command(const judged_step& step) {
    return step.kind == "run" || step.kind == "python" || step.kind == "send";
}

/// A scenario of commands that the log has none of says nothing of the guest.
bool shows_no_command(const std::vector<judged_step>& steps) {
    const auto judged = [](const judged_step& step) {
        return is_command(step) && step.outcome != step_outcome::skipped;
    };
    return std::ranges::any_of(steps, is_command) && std::ranges::none_of(steps, judged);
}

read_log read(const std::filesystem::path& file, const scenario* what, bool verbose) {
    log_source source(file);
    const auto patterns = log_patterns(what ? what->resolved : json());
    log_survey survey(patterns);
    std::optional<log_judge> judge;
    if (what) judge.emplace(*what);
    console_lines shown;
    const auto show = [](const std::vector<std::string>& lines) {
        for (const auto& line : lines) fmt::print(stderr, "{}\n", line);
    };
    log_text text;
    const log_text::taker take = [&](const log_piece& piece) {
        survey.hear(piece);
        if (piece.typed) return;
        if (judge) judge->feed(piece.bytes);
        if (verbose) show(shown.feed(piece.bytes));
    };
    for (std::string_view block; source.next(block);) text.feed(block, take);
    text.finish(take);
    survey.finish();
    for (const auto& remark : text.remarks()) survey.hear(remark);
    if (judge) judge->finish();
    if (verbose) show(shown.finish());
    read_log log = {survey.findings(),
                    judge ? judge->steps() : std::vector<judged_step>(),
                    text.format(),
                    source.packing(),
                    {}};
    if (!source.problem().empty()) log.notes.push_back("only its beginning: " + source.problem());
    if (text.unreadable() > 0)
        log.notes.push_back(
            fmt::format("{} lines are none of {}", text.unreadable(),
                        text.format() == log_format::lava ? "a LAVA log" : "an asciicast"));
    if (shows_no_command(log.steps))
        log.notes.push_back("it shows none of the scenario's commands, so they are not judged");
    if (log.found.failures_left_out > 0)
        log.notes.push_back(fmt::format("{} more failures", log.found.failures_left_out));
    if (log.found.moments_left_out > 0)
        log.notes.push_back(
            fmt::format("the timeline goes on for {} more lines", log.found.moments_left_out));
    return log;
}

std::string time_text(const std::optional<double>& kernel, const std::optional<double>& log) {
    return fmt::format("{:>14}{}", kernel ? fmt::format("[{:.6f}]", *kernel) : "",
                       log ? fmt::format("{:>11.3f} s", *log) : "");
}

std::string failure_text(const log_failure& one, const painter& paint) {
    auto text = fmt::format("  {}  {}: {}{}\n", time_text(one.kernel_seconds, one.log_seconds),
                            paint(one.what.fatal ? colour::red : colour::yellow, one.what.kind),
                            one.what.title, one.site.empty() ? "" : " in " + one.site);
    if (!one.explanation.empty()) text += fmt::format("      {}\n", one.explanation);
    if (one.trace.size() > 1)
        for (const auto& line : one.trace) text += fmt::format("      {}\n", line);
    if (one.trace_cut) text += "      [… the trace is longer …]\n";
    return text;
}

std::string step_text(const judged_step& step, const painter& paint) {
    const auto mark = step.outcome == step_outcome::passed    ? paint(colour::green, "ok  ")
                      : step.outcome == step_outcome::skipped ? paint(colour::grey, "skip")
                      : step.outcome == step_outcome::failed  ? paint(colour::red, "FAIL")
                                                              : paint(colour::grey, "    ");
    std::string values;
    for (const auto& [name, value] : step.captured)
        values += fmt::format("  {}={}", name, printable(value));
    auto text =
        fmt::format("  {}  {:<32}{}", mark, printable(step.name), paint(colour::grey, values));
    if (step.outcome != step_outcome::passed && !step.reason.empty())
        text += "  " + printable(step.reason);
    text += '\n';
    return text + missed_text(step.missed);
}

/// What is no guest's console, or none of a boot, cannot have gone well either.
bool has_nothing(const read_log& log) {
    const auto& found = log.found;
    return found.timeline.empty() && found.facts.empty() && found.failures.empty() &&
           log.steps.empty();
}

std::string text_of(const std::filesystem::path& file, const read_log& log, const painter& paint) {
    const auto& found = log.found;
    auto text =
        fmt::format("{}: {}{}, {}\n", file.string(), name_of(log.format),
                    log.packing.empty() ? "" : ", " + log.packing, format_size(found.bytes));
    for (const auto& note : log.notes) text += fmt::format("  note: {}\n", printable(note));
    for (const auto& [name, value] : found.facts)
        text += fmt::format("  {:<27} {}\n", name + ":", value);
    if (!found.timeline.empty()) text += "timeline:\n";
    for (const auto& moment : found.timeline)
        text += fmt::format("  {}  {} {}\n", time_text(moment.kernel_seconds, moment.log_seconds),
                            moment.kind, moment.title);
    text += has_nothing(log)         ? "nothing of a guest's boot is in it\n"
            : found.failures.empty() ? "no failure\n"
                                     : "failures:\n";
    for (const auto& one : found.failures) text += failure_text(one, paint);
    if (!log.steps.empty()) text += "steps:\n";
    for (const auto& step : log.steps) text += step_text(step, paint);
    return text;
}

json times(const std::optional<double>& kernel, const std::optional<double>& log) {
    json object = json::object();
    if (kernel) object["kernel_seconds"] = *kernel;
    if (log) object["log_seconds"] = *log;
    return object;
}

json describe(const log_failure& one) {
    auto object = times(one.kernel_seconds, one.log_seconds);
    object.update({{"kind", one.what.kind},
                   {"title", one.what.title},
                   {"fatal", one.what.fatal},
                   {"line", one.what.line},
                   {"trace", one.trace},
                   {"trace_cut", one.trace_cut},
                   {"site", one.site}});
    if (!one.explanation.empty()) object["explanation"] = {{"text", one.explanation}};
    return object;
}

json describe(const judged_step& step) {
    return {{"name", step.name},
            {"kind", step.kind},
            {"outcome", name_of(step.outcome)},
            {"reason", step.reason},
            {"captures", step.captured},
            {"line", step.line},
            {"missed", describe(step.missed)}};
}

json describe(const std::filesystem::path& file, const read_log& log) {
    const auto& found = log.found;
    json timeline = json::array(), failures = json::array(), steps = json::array();
    for (const auto& moment : found.timeline) {
        timeline.push_back(times(moment.kernel_seconds, moment.log_seconds));
        timeline.back().update({{"kind", moment.kind}, {"title", moment.title}});
    }
    for (const auto& one : found.failures) failures.push_back(describe(one));
    for (const auto& step : log.steps) steps.push_back(describe(step));
    return {{"log",
             {{"file", file.string()},
              {"format", name_of(log.format)},
              {"packing", log.packing},
              {"bytes", found.bytes},
              {"notes", log.notes}}},
            {"facts", found.facts},
            {"timeline", std::move(timeline)},
            {"failures", std::move(failures)},
            {"failures_left_out", found.failures_left_out},
            {"steps", std::move(steps)}};
}

}  // namespace

int replay_log(const std::filesystem::path& file, const replay_options& options) {
    std::optional<scenario> what;
    if (!options.scenario.empty())
        what = load_scenario(find_scenario(options.scenario), options.settings);
    const auto log = read(file, what ? &*what : nullptr, options.verbose);
    if (options.print_json)
        fmt::print("{}\n", dump(describe(file, log), 2));
    else
        fmt::print("{}", text_of(file, log, painter(STDOUT_FILENO)));
    const bool failed = std::ranges::any_of(
        log.steps, [](const auto& step) { return step.outcome == step_outcome::failed; });
    const bool empty = has_nothing(log) || shows_no_command(log.steps);
    return failed || log.found.fatal() || empty ? exit_code(run_outcome::failed) : 0;
}

}  // namespace qh
