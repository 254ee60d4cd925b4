#include "scenario/pattern_reader.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>

#include "scenario/regex_problem.hpp"

namespace qh {
namespace {

void check_awaited(const object_reader& reader, const std::string& key, const std::string& regex) {
    check_pattern(reader, key, regex);
    if (regex.empty()) throw reader.problem(key, "an empty regex would match at once");
}

}  // namespace

void check_pattern(const object_reader& reader, const std::string& key, const std::string& pattern,
                   std::size_t index) {
    const auto mistake = regex_problem(pattern);
    if (!mistake.empty())
        throw reader.text_problem(
            key, index, fmt::format("\"{}\" is no regex that RE2 can run: {}", key, mistake));
}

void check_patterns(const object_reader& reader, const std::string& key,
                    const std::vector<std::string>& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) check_pattern(reader, key, patterns[i], i);
}

expect_step read_expect(const json_document& document, object_reader& reader) {
    expect_step expect;
    if (!reader.value("expect").is_object()) {
        check_awaited(reader, "expect", reader.text("expect"));
        expect.patterns = {{reader.text("expect")}};
        expect.outcomes = {expect_outcome::pass};
        return expect;
    }
    constexpr std::size_t most_lines = 100;
    object_reader choice(document, reader.path_of("expect"), "\"expect\"");
    const auto lines = choice.number("lines", 1, most_lines);
    if (lines == 0) throw choice.problem("lines", "\"lines\" is at least 1");
    for (const auto& [key, outcome] : {std::pair{"fail", expect_outcome::fail},
                                       {"skip", expect_outcome::skip},
                                       {"pass", expect_outcome::pass}})
        for (const auto& regex : choice.texts(key)) {
            check_awaited(choice, key, regex);
            expect.patterns.push_back({regex, lines});
            expect.outcomes.push_back(outcome);
        }
    choice.finish();
    if (std::ranges::find(expect.outcomes, expect_outcome::pass) == expect.outcomes.end())
        throw choice.has("pass")
            ? choice.problem("pass", "\"pass\" is a regex or a list of them")
            : reader.problem("expect", "\"expect\" needs a \"pass\": a regex or a list of them");
    return expect;
}

std::string expect_step::text() const {
    std::vector<std::string> passing;
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (outcomes[i] == expect_outcome::pass)
            passing.push_back(fmt::format("/{}/", patterns[i].regex));
    return fmt::format("{}", fmt::join(passing, " or "));
}

std::vector<std::string> group_names(const std::string& pattern) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    std::vector<std::string> names;
    for (const auto& [index, name] : compiled.CapturingGroupNames()) names.push_back(name);
    return names;
}

}  // namespace qh
