#include "run/judge/step_check.hpp"

#include "base/text.hpp"
#include "run/guest/exit_text.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {
namespace {

re2::RE2::Options multi_line() {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(64 << 20);
    return options;
}

std::string multi_line_pattern(const std::string& pattern) {
    return "(?m)" + pattern;
}

bool found_in(std::string_view output, const std::string& pattern) {
    const re2::RE2 compiled(multi_line_pattern(pattern), multi_line());
    return re2::RE2::PartialMatch(re2::StringPiece(output.data(), output.size()), compiled);
}

std::string check_capture(const step& step, std::string_view output, captures& captured) {
    if (step.capture.empty()) return {};
    const re2::RE2 pattern(multi_line_pattern(step.capture), multi_line());
    std::vector<re2::StringPiece> groups(
        1 + static_cast<std::size_t>(pattern.NumberOfCapturingGroups()));
    const re2::StringPiece text(output.data(), output.size());
    if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size())))
        return fmt::format("the output has nothing to capture: /{}/ does not match", step.capture);
    captured = named_groups(pattern, groups);
    return {};
}

/// The first line that matches says why the guest cannot do what the step asks for.
std::string reason_to_skip(const step& step, std::string_view output) {
    for (const auto& pattern : step.skip) {
        const re2::RE2 compiled(pattern, multi_line());
        for (const auto line : split_lines(output))
            if (re2::RE2::PartialMatch({line.data(), line.size()}, compiled))
                return printable(trim(line));
    }
    return {};
}

/// ": " and the output's last line, where a program that fails mostly says why.
std::string last_words(std::string_view output) {
    constexpr std::size_t most_bytes = 200;
    std::string_view last;
    for (const auto line : split_lines(output))
        if (!trim(line).empty()) last = trim(line);
    if (last.empty()) return {};
    return ": " + printable(last.substr(0, most_bytes)) + (last.size() > most_bytes ? "…" : "");
}

std::string first_broken_rule(const step& step, int status, std::string_view output,
                              std::string_view errors, const name_lookup& lookup,
                              measurement_series& measured, step_check& result) {
    const bool wrong_exit = step.exit && status != *step.exit;
    const auto of_exit =
        wrong_exit ? fmt::format("exit {}, expected {}", status_text(status), *step.exit) : "";
    if (step.parse) {
        auto parsed = read_sub_results(*step.parse, output);
        auto failure = parsed.failure();
        if (failure.empty() && !wrong_exit) result.skipped = parsed.why_skipped();
        result.results = std::move(parsed.results);
        if (!failure.empty()) return wrong_exit ? of_exit + "; " + failure : failure;
    }
    if (wrong_exit) return of_exit + (step.parse || is_crash(status) ? "" : last_words(output));
    for (const auto& pattern : step.match)
        if (!found_in(output, pattern))
            return fmt::format("the output does not match /{}/", pattern);
    for (const auto& pattern : step.not_match)
        if (found_in(output, pattern)) return fmt::format("the output matches /{}/", pattern);
    for (const auto& pattern : step.match_stderr)
        if (!found_in(errors, pattern))
            return fmt::format("standard error does not match /{}/", pattern);
    if (auto reason = check_capture(step, output, result.captured); !reason.empty()) return reason;
    for (const auto& check : step.checks) {
        const auto comparison = evaluate(parse_comparison(check), lookup);
        if (!comparison.holds) return fmt::format("{} does not hold", comparison.explanation);
    }
    return step.measure ? measured.add(*step.measure, output, lookup) : "";
}

}  // namespace

step_check check_step(const step& step, int status, std::string_view output,
                      std::string_view errors, const name_lookup& lookup,
                      measurement_series& measured) {
    step_check result;
    if (!is_crash(status)) result.skipped = reason_to_skip(step, output);
    if (!result.skipped.empty()) return result;
    const name_lookup with_captured = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = result.captured.find(std::string(name));
        return found == result.captured.end() ? lookup(name) : found->second;
    };
    result.reason =
        first_broken_rule(step, status, output, errors, with_captured, measured, result);
    return result;
}

}  // namespace qh
