#include "replay/log_judge.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.hpp"
#include "replay/console_watch.hpp"
#include "run/judge/step_check.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {
namespace {

/// What is kept for patterns that see several lines, and of a command's output.
constexpr std::size_t window_bytes = 64u << 10, longest_output = 1u << 20;
constexpr std::size_t most_prompts = 32;

/// How far the guest has come, as `guest_prompts` asks for it.
std::string_view milestone_in(std::string_view line) {
    static const re2::RE2 firmware(R"(^OpenSBI v\d|^U-Boot (?:SPL )?\d{4}\.)");
    static const re2::RE2 kernel(R"(Linux version \d|Run \S+ as init process|Booting Linux on )");
    static const re2::RE2 down(R"(reboot: (?:Power down|Restarting system|System halted))");
    const re2::StringPiece text(line.data(), line.size());
    if (re2::RE2::PartialMatch(text, kernel) || asks_for_login(line)) return "kernel";
    if (re2::RE2::PartialMatch(text, firmware)) return "opensbi";
    return re2::RE2::PartialMatch(text, down) ? "shutdown" : "";
}

/// Readline goes on in the next row of a terminal by a blank and a carriage return, wherever it
/// takes the terminal to end.
std::string with_whole_echo(std::string_view raw) {
    std::string whole(raw);
    const auto at = raw.find(" \r");
    if (at == std::string_view::npos || at + 2 >= raw.size() || raw[at + 2] == '\n' ||
        raw[at + 2] == '\r' || prompt_at_start(raw.substr(at + 2)))
        return whole;
    transcript before;
    before.feed(raw.substr(0, at));
    if (prompt_at_start(before.open_line())) whole.erase(at, 2);
    return whole;
}

}  // namespace

log_judge::log_judge(const scenario& what) : what_(what), sources_(what.steps) {}

void log_judge::feed(std::string_view bytes) {
    lines_.feed(bytes, [this](std::string_view raw) { take_line(raw); });
    look();
}

void log_judge::take_line(std::string_view raw) {
    terminal_.feed(with_whole_echo(raw));
    const auto lines = terminal_.lines(terminal_.oldest(), terminal_.complete());
    for (const auto line : split_lines(lines))
        apart_.feed(line, [this](std::string_view part) { take_text(part, false); });
    terminal_.forget_before(terminal_.complete());
    constexpr std::size_t enough = 64u << 10;
    if (text_.complete() - searched_ < enough) return;
    look();
    auto kept = text_.complete() - std::min<std::uint64_t>(window_bytes, text_.complete());
    if (output_) kept = std::min(kept, *output_);
    text_.forget_before(text_.line_from(std::max(kept, text_.oldest())));
}

void log_judge::take_text(std::string_view line, bool open) {
    const auto begin = text_.complete();
    if (const auto kind = milestone_in(line); !kind.empty()) prompts_.on_milestone(kind);
    if (!shell_)
        if (const auto seen = prompts_.on_line(line, open)) {
            const auto kind = seen->prompt.kind;
            const bool is_shell = kind == prompt_kind::shell || kind == prompt_kind::plain;
            if (is_shell && first_seen_.size() < most_prompts)
                first_seen_.emplace(seen->prompt.form, begin);
            if (is_shell && seen->proven) shell_ = first_seen_[seen->prompt.form];
        }
    text_.feed(line);
    text_.feed("\n");
}

void log_judge::finish() {
    terminal_.feed(with_whole_echo(lines_.begun()));
    const std::string open(terminal_.open_line());
    apart_.finish([this](std::string_view part) { take_text(part, true); });
    if (!open.empty()) take_text(open, true);
    look();
    if (output_) take_output(text_.lines(*output_, text_.complete()), false);
    while (!done()) {
        const auto evidence = evidence_at(judged_.size());
        if (evidence.must_come()) {
            const bool waited = !near_.empty() || evidence.outcomes.empty();
            const auto index = judged_.size();
            end_step(waited ? step_outcome::failed : step_outcome::not_run,
                     waited ? evidence.absence : "");
            for (const auto& pattern : near_)
                judged_[index].missed.push_back({pattern.regex(), pattern.nearest()});
            break;
        }
        skip("the log does not show it");
    }
    while (!done()) end_step(step_outcome::not_run, "");
}

/// Goes as far as the lines that are there allow.
void log_judge::look() {
    while (!done()) {
        if (output_) {
            const auto output = text_.lines(*output_, text_.complete());
            const auto end = end_of_output(output);
            if (!end && output.size() < longest_output) return;
            take_output(output.substr(0, end.value_or(output.size())), end.has_value());
            continue;
        }
        if (!waiting_ && !await_next()) continue;
        const auto match =
            expectation_ ? expectation_->find(text_, searched_, text_.complete()) : std::nullopt;
        if (shell_step_ && shell_ && (!match || *shell_ < match->line_end)) {
            take_shell();
            continue;
        }
        if (!match) {
            watch_lines();
            searched_ = text_.complete();
            return;
        }
        take(*match);
    }
}

/// Waits for the step in hand, and where that need not be in the log for what comes behind it.
/// False where the step was skipped.
bool log_judge::await_next() {
    std::vector<expected_pattern> patterns;
    awaited_.clear();
    near_.clear();
    shell_step_.reset();
    for (auto index = judged_.size(); index < what_.steps.size(); ++index) {
        const auto evidence = evidence_at(index);
        if (!what_.steps[index].left_out) add_patterns(index, evidence, patterns);
        if (evidence.by_prompt) shell_step_ = index;
        if (evidence.must_come()) break;
    }
    expectation_.reset();
    if (!patterns.empty()) expectation_.emplace(patterns);
    waiting_ = !patterns.empty() || shell_step_;
    if (!waiting_) skip("only a machine can answer it");
    return waiting_;
}

/// The line of the guest's prompt may hold a command's echo, too.
void log_judge::take_shell() {
    waiting_ = false;
    while (judged_.size() < *shell_step_) skip("the log does not show it");
    searched_ = std::max(*shell_, text_.oldest());
    text_.read_to(searched_);
    const auto line = text_.lines(searched_, text_.complete());
    end_step(step_outcome::passed, "", {}, std::string(line.substr(0, line.find('\n'))));
}

void log_judge::add_patterns(std::size_t index, const log_evidence& evidence,
                             std::vector<expected_pattern>& patterns) {
    for (std::size_t i = 0; i < evidence.patterns.size(); ++i) {
        patterns.push_back(evidence.patterns[i]);
        awaited_.push_back({index, i});
        if (!evidence.outcomes.empty() && evidence.outcomes[i] == expect_outcome::pass)
            near_.emplace_back(evidence.patterns[i].regex);
    }
}

void log_judge::take(const expectation::match& match) {
    waiting_ = false;
    expectation_.reset();
    const auto [index, which] = awaited_[match.pattern];
    while (judged_.size() < index) skip("the log does not show it");
    text_.read_to(match.end);
    searched_ = text_.line_of(match.end);
    const auto evidence = evidence_at(index);
    if (evidence.keeps_line) text_.read_to(searched_);
    if (!evidence.echo.empty()) return take_echo(match, evidence.echo);
    if (evidence.outcomes.empty()) return end_step(step_outcome::passed, "", {}, match.line);
    for (const auto& [name, value] : match.groups) values_[name] = value;
    const auto said =
        fmt::format("/{}/ came: {}", evidence.patterns[which].regex, printable(match.line));
    switch (evidence.outcomes[which]) {
        case expect_outcome::pass:
            return end_step(step_outcome::passed, "", match.groups, match.line);
        case expect_outcome::fail:
            return end_step(step_outcome::failed, said, match.groups, match.line);
        case expect_outcome::skip:
            return end_step(step_outcome::skipped, said, match.groups, match.line);
    }
}

/// The command's output begins with the next line.
void log_judge::take_echo(const expectation::match& match, const std::string& echo) {
    prompt_ = match.line.substr(0, match.line.rfind(echo));
    output_ = output_looked_at_ = match.line_end;
}

/// Where the next prompt ends the command's output: the same one, the same shell's in another
/// folder, or one that no other text looks like.
std::optional<std::size_t> log_judge::end_of_output(std::string_view output) {
    const auto typed_at = prompt_at_start(prompt_);
    for (auto at = static_cast<std::size_t>(output_looked_at_ - *output_); at < output.size();) {
        const auto line = output.substr(at, output.find('\n', at) - at);
        const auto prompt = prompt_at_start(line);
        const bool is_same = prompt && typed_at && prompt->form == typed_at->form;
        if ((!prompt_.empty() && line.starts_with(prompt_)) || is_same ||
            (prompt && prompt->kind == prompt_kind::shell))
            return at;
        at += line.size() + 1;
    }
    output_looked_at_ = text_.complete();
    return std::nullopt;
}

void log_judge::take_output(std::string_view output, bool whole) {
    const auto begin = *std::exchange(output_, std::nullopt);
    searched_ = begin + output.size();
    text_.read_to(searched_);
    if (const auto name = missing_name(); !name.empty())
        return skip(fmt::format("the log does not show what \"{}\" is", name));
    const auto& step = current();
    auto judged = step;
    judged.measure.reset();
    measurement_series unused;
    const auto check = check_step(
        judged, step.exit.value_or(0), output, {},
        [this](std::string_view name) { return value_of(name); }, unused);
    for (const auto& [name, value] : check.captured) values_[name] = value;
    if (!check.skipped.empty())
        return end_step(step_outcome::skipped, check.skipped, check.captured);
    if (check.reason.empty())
        return end_step(step_outcome::passed, step.exit ? "its exit status is not in the log" : "",
                        check.captured);
    const auto index = judged_.size();
    end_step(step_outcome::failed, whole ? check.reason : check.reason + " (the log ends there)",
             check.captured, printable(last_lines(trim(output), 1)));
    auto regexes = step.match;
    if (!step.capture.empty()) regexes.push_back(step.capture);
    judged_[index].missed = missed_in(std::string(output), regexes);
}

void log_judge::end_step(step_outcome outcome, std::string reason, captures captured,
                         std::string line) {
    const auto& step = current();
    judged_.push_back({step.name,
                       step.kind().key,
                       outcome,
                       std::move(reason),
                       std::move(captured),
                       printable(line),
                       {}});
    if (outcome != step_outcome::failed || step.continue_on_failure) return;
    while (!done()) {
        const auto& rest = current();
        judged_.push_back({rest.name, rest.kind().key, step_outcome::not_run, "", {}, "", {}});
    }
}

void log_judge::watch_lines() {
    const auto from =
        std::max({watched_, text_.line_of(std::max(searched_, text_.oldest())), text_.oldest()});
    for (const auto line : split_lines(text_.lines(from, text_.complete())))
        for (auto& pattern : near_) pattern.look_at(line, 0);
    watched_ = text_.complete();
}

/// What the step needs of a step before it that the log has not shown.
std::string log_judge::missing_name() const {
    for (const auto& name : names_needed(current()))
        if (!value_of(name) && sources_.before(judged_.size(), name)) return name;
    return {};
}

std::optional<std::string> log_judge::value_of(std::string_view name) const {
    if (const auto found = values_.find(std::string(name)); found != values_.end())
        return found->second;
    const auto found = what_.parameters.find(std::string(name));
    if (found == what_.parameters.end()) return std::nullopt;
    return found->is_string() ? found->get<std::string>() : dump(*found);
}

log_evidence log_judge::evidence_at(std::size_t index) const {
    return evidence_of(what_.steps[index].action,
                       [this](std::string_view text) { return filled(text); });
}

std::string log_judge::filled(std::string_view text) const {
    return fill_in(text, [this](std::string_view name) { return value_of(name); });
}

}  // namespace qh
