#include "replay/log_judge.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "replay/console_watch.hpp"
#include "run/judge/step_check.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {
namespace {

/// What is kept for patterns that see several lines, and of a command's output.
constexpr std::size_t window_bytes = 64u << 10, longest_output = 1u << 20;
}  // namespace

log_judge::log_judge(const scenario& what) : what_(what), sources_(what.steps) {}

void log_judge::feed(std::string_view bytes) {
    constexpr std::size_t piece = 64u << 10;
    while (!bytes.empty()) {
        text_.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        look();
        auto kept = text_.complete() - std::min<std::uint64_t>(window_bytes, text_.complete());
        if (output_) kept = std::min(kept, *output_);
        text_.forget_before(text_.line_from(std::max(kept, text_.oldest())));
    }
}

void log_judge::finish() {
    if (!text_.open_line().empty()) text_.feed("\n");
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
            const auto end = output.starts_with(prompt_) ? 0 : output.find("\n" + prompt_);
            if (end == std::string_view::npos && output.size() < longest_output) return;
            take_output(output.substr(0, end == 0             ? 0
                                         : end == output.npos ? end
                                                              : end + 1),
                        end != std::string_view::npos);
            continue;
        }
        if (!expectation_) await_next();
        if (!expectation_) continue;
        const auto match = expectation_->find(text_, searched_, text_.complete());
        if (!match) {
            watch_lines();
            searched_ = text_.complete();
            return;
        }
        take(*match);
    }
}

/// Waits for the step in hand, and where that need not be in the log for what comes behind it.
void log_judge::await_next() {
    std::vector<expected_pattern> patterns;
    awaited_.clear();
    near_.clear();
    for (auto index = judged_.size(); index < what_.steps.size(); ++index) {
        const auto evidence = evidence_at(index);
        if (!what_.steps[index].left_out) add_patterns(index, evidence, patterns);
        if (evidence.must_come()) break;
    }
    if (patterns.empty()) return skip("only a machine can answer it");
    expectation_.emplace(patterns);
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

/// The command's output begins with the next line, and the next prompt looks like this one.
void log_judge::take_echo(const expectation::match& match, const std::string& echo) {
    prompt_ = match.line.substr(0, match.line.rfind(echo));
    output_ = match.line_end;
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
