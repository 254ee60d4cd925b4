#include "replay/log_judge.hpp"

#include <fmt/format.h>

#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "replay/console_watch.hpp"
#include "run/guest/boot_watch.hpp"
#include "run/judge/step_check.hpp"
#include "scenario/template_text.hpp"

namespace qh {
namespace {

/// What is kept for patterns that see several lines, and of a command's output.
constexpr std::size_t window_bytes = 64u << 10, longest_output = 1u << 20;
constexpr const char* prompt_regex = R"(^\S*[^\n]{0,80}?[#$%>] ?)";
constexpr const char* shell_regex =
    R"(^(?:\[?[\w.-]+@[\w.-]+[: ][^#$\n]*\]?|(?:[\w.-]+:)?[~/][^ #$\n]*|bash-[\d.]+|sh-[\d.]+)? ?[#$] )";

std::string regex_for(boot_state state) {
    switch (state) {
        case boot_state::kernel:
            return R"(Linux version \d)";
        case boot_state::init:
            return R"(Run \S+ as init process|Welcome to |INIT: version )";
        case boot_state::login:
            return R"(\blogin:)";
        case boot_state::shell:
            return shell_regex;
    }
    return {};
}

/// What a terminal shows of what was typed: its first line.
std::string echo_of(const std::string& typed) {
    const auto text = std::string(trim(typed));
    return text.substr(0, text.find_first_of("\r\n"));
}

std::string echo_regex(const std::string& typed) {
    return prompt_regex + re2::RE2::QuoteMeta(echo_of(typed)) + R"(\s*$)";
}

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
        const auto& action = current().action;
        if (std::holds_alternative<expect_step>(action) ||
            std::holds_alternative<boot_step>(action)) {
            const auto* boot = std::get_if<boot_step>(&action);
            const bool waited = !near_.empty() || boot;
            const auto index = judged_.size();
            end_step(
                waited ? step_outcome::failed : step_outcome::not_run,
                boot ? fmt::format("the log does not get as far as \"{}\"", name_of(boot->until))
                : waited ? std::get<expect_step>(action).text() + " is not in the log"
                         : "");
            if (!boot)
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
        const auto& action = what_.steps[index].action;
        add_patterns(index, patterns);
        if (std::holds_alternative<expect_step>(action) ||
            std::holds_alternative<boot_step>(action))
            break;
    }
    if (patterns.empty()) return skip("only a machine can answer it");
    expectation_.emplace(patterns);
}

void log_judge::add_patterns(std::size_t index, std::vector<expected_pattern>& patterns) {
    const auto& step = what_.steps[index];
    const auto add = [&](expected_pattern pattern, std::size_t which = 0) {
        patterns.push_back(std::move(pattern));
        awaited_.push_back({index, which});
    };
    if (step.left_out) return;
    const auto on_command = [&](const command_step& command) {
        if (command.language != command_step::language::facts && !echo_of(command.code).empty())
            add({echo_regex(filled(command.code))});
    };
    std::visit(
        overloaded{[&](const boot_step& boot) { add({regex_for(boot.until)}); },
                   [&](const expect_step& expect) {
                       for (std::size_t i = 0; i < expect.patterns.size(); ++i) {
                           add(expect.patterns[i], i);
                           if (expect.outcomes[i] == expect_outcome::pass)
                               near_.emplace_back(expect.patterns[i].regex);
                       }
                   },
                   [&](const send_step& send) {
                       if (!echo_of(send.text).empty()) add({echo_regex(filled(send.text))});
                   },
                   [&](const login_step& login) {
                       add({R"(\blogin: ?)" + re2::RE2::QuoteMeta(filled(login.user)) + R"(\s*$)"});
                   },
                   on_command, [&](const upload_step&) {}, [&](const download_step&) {},
                   [&](const measure_step&) {}, [&](const warm_step&) {},
                   [&](const reboot_step&) { add({R"(reboot: (?:Restarting|System halted))"}); },
                   [&](const poweroff_step&) {
                       add({R"(reboot: (?:Power down|System halted)|Power down\.?$)"});
                   }},
        step.action);
}

void log_judge::take(const expectation::match& match) {
    expectation_.reset();
    const auto [index, which] = awaited_[match.pattern];
    while (judged_.size() < index) skip("the log does not show it");
    text_.read_to(match.end);
    searched_ = text_.line_of(match.end);
    const auto& action = current().action;
    // What a prompt was found in may be a command's echo.
    if (std::holds_alternative<boot_step>(action)) text_.read_to(searched_);
    if (std::holds_alternative<command_step>(action)) return take_echo(match);
    const auto* expect = std::get_if<expect_step>(&action);
    if (!expect) return end_step(step_outcome::passed, "", {}, match.line);
    for (const auto& [name, value] : match.groups) values_[name] = value;
    const auto said =
        fmt::format("/{}/ came: {}", expect->patterns[which].regex, printable(match.line));
    switch (expect->outcomes[which]) {
        case expect_outcome::pass:
            return end_step(step_outcome::passed, "", match.groups, match.line);
        case expect_outcome::fail:
            return end_step(step_outcome::failed, said, match.groups, match.line);
        case expect_outcome::skip:
            return end_step(step_outcome::skipped, said, match.groups, match.line);
    }
}

/// The command's output begins with the next line, and the next prompt looks like this one.
void log_judge::take_echo(const expectation::match& match) {
    const auto echo = echo_of(filled(std::get<command_step>(current().action).code));
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
                       step.kind,
                       outcome,
                       std::move(reason),
                       std::move(captured),
                       printable(line),
                       {}});
    if (outcome != step_outcome::failed || step.continue_on_failure) return;
    while (!done()) {
        const auto& rest = current();
        judged_.push_back({rest.name, rest.kind, step_outcome::not_run, "", {}, "", {}});
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

std::string log_judge::filled(std::string_view text) const {
    return fill_in(text, [this](std::string_view name) { return value_of(name); });
}

}  // namespace qh
