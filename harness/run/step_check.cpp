#include "run/step_check.hpp"

#include <signal.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/text.hpp"
#include "scenario/comparison.hpp"

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

/// Each line that is an object with a name and a number as its value.
std::vector<json> measurements_in(std::string_view output) {
    std::vector<json> found;
    for (const auto line : split_lines(output)) {
        if (!trim(line).starts_with('{')) continue;
        json object = json::parse(line, nullptr, false);
        if (object.is_object() && object.contains("name") && object["name"].is_string() &&
            object.contains("value") && object["value"].is_number())
            found.push_back(std::move(object));
    }
    return found;
}

std::string take_measurements(const step& step, std::string_view output, const name_lookup& lookup,
                              std::vector<json>& measurements) {
    if (!step.measure) return {};
    if (step.measure->json_lines) {
        measurements = measurements_in(output);
        return measurements.empty() ? "the output has no measurement: no JSON line with \"name\" "
                                      "and a number as \"value\""
                                    : "";
    }
    const auto text = fill_in(step.measure->value, lookup);
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value))
        return fmt::format("measurement {} is no number: {}", step.measure->name, printable(text));
    measurements.push_back(
        {{"name", step.measure->name}, {"value", value}, {"unit", step.measure->unit}});
    return {};
}

std::string first_broken_rule(const step& step, int status, std::string_view output,
                              std::string_view errors, const name_lookup& lookup,
                              step_check& result) {
    if (step.exit && status != *step.exit)
        return fmt::format("exit {}, expected {}", status_text(status), *step.exit);
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
    return take_measurements(step, output, lookup, result.measurements);
}

}  // namespace

step_check check_step(const step& step, int status, std::string_view output,
                      std::string_view errors, const name_lookup& lookup) {
    step_check result;
    const name_lookup with_captured = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = result.captured.find(std::string(name));
        return found == result.captured.end() ? lookup(name) : found->second;
    };
    result.reason = first_broken_rule(step, status, output, errors, with_captured, result);
    return result;
}

std::string status_text(int status) {
    static const std::map<int, const char*> signals = {
        {SIGILL, "SIGILL, illegal instruction"}, {SIGTRAP, "SIGTRAP"},
        {SIGABRT, "SIGABRT, aborted"},           {SIGBUS, "SIGBUS, bus error"},
        {SIGFPE, "SIGFPE, arithmetic fault"},    {SIGKILL, "SIGKILL, killed: out of memory?"},
        {SIGSEGV, "SIGSEGV, segmentation fault"}};
    const auto found = signals.find(status - 128);
    if (found != signals.end()) return fmt::format("status {} ({})", status, found->second);
    if (status == 127) return "status 127 (command not found)";
    return fmt::format("status {}", status);
}

bool is_crash(int status) {
    switch (status - 128) {
        case SIGILL:
        case SIGABRT:
        case SIGBUS:
        case SIGFPE:
        case SIGSEGV:
            return true;
        default:
            return false;
    }
}

}  // namespace qh
