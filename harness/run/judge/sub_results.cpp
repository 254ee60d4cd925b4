#include "run/judge/sub_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "run/judge/tap_reader.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_text = 300;
constexpr std::size_t most_named = 5;

sub_results read_json_lines(std::string_view output) {
    static const std::map<std::string, step_outcome> outcomes = {
        {"passed", step_outcome::passed},
        {"failed", step_outcome::failed},
        {"skipped", step_outcome::skipped}};
    sub_results found;
    for (const auto line : split_lines(output)) {
        if (!trim(line).starts_with('{')) continue;
        const json object = parse_json_or_discard(line);
        if (!object.is_object() || !object.contains("test") || !object["test"].is_string() ||
            !object.contains("outcome") || !object["outcome"].is_string())
            continue;
        const auto name = harmless_text(object["test"].get_ref<const std::string&>());
        const auto outcome = outcomes.find(object["outcome"].get<std::string>());
        const auto reason = object.contains("reason") && object["reason"].is_string()
                                ? harmless_text(object["reason"].get_ref<const std::string&>())
                                : "";
        if (outcome == outcomes.end())
            found.problem =
                fmt::format("{} has an outcome that is none: {}", name,
                            harmless_text(object["outcome"].get_ref<const std::string&>()));
        else if (found.results.size() < most_sub_results)
            found.results.push_back({name, outcome->second, reason});
        else
            found.problem = fmt::format("more than {} results", most_sub_results);
    }
    return found;
}

}  // namespace

std::string harmless_text(std::string_view text) {
    auto result = printable(trim(text.substr(0, longest_text)));
    while (!is_valid_utf8(result)) result.pop_back();
    return result;
}

std::string sub_results::failure() const {
    std::vector<std::string> named;
    std::size_t failed = 0;
    for (const auto& result : results) {
        if (result.outcome != step_outcome::failed) continue;
        if (++failed > most_named) continue;
        named.push_back(result.reason.empty() ? result.name
                                              : fmt::format("{} ({})", result.name, result.reason));
    }
    std::string text;
    if (failed > 0)
        text = fmt::format("{} of {} sub-results failed: {}{}", failed, results.size(),
                           fmt::join(named, ", "), failed > most_named ? ", …" : "");
    if (!problem.empty()) text += (text.empty() ? "" : "; ") + problem;
    return text;
}

std::string sub_results::why_skipped() const {
    if (results.empty() || !problem.empty() || std::ranges::any_of(results, [](const auto& one) {
            return one.outcome != step_outcome::skipped;
        }))
        return {};
    const auto& reason = results.front().reason;
    return reason.empty() ? "all tests that it told were skipped" : reason;
}

sub_results read_sub_results(result_format format, std::string_view output) {
    sub_results found;
    if (format == result_format::jsonl) {
        found = read_json_lines(output);
    } else {
        tap_reader reader(format == result_format::tap);
        for (const auto line : split_lines(output)) reader.read(line);
        found = reader.finish();
    }
    if (found.results.empty() && found.problem.empty())
        found.problem = "the output has no results to parse";
    return found;
}

}  // namespace qh
