#include "scenario/pattern_reader.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "scenario/regex_problem.hpp"

namespace qh {
namespace {

void check_pattern(const std::string& key, const std::string& pattern) {
    const auto mistake = regex_problem(pattern);
    if (!mistake.empty())
        throw usage_error("\"{}\" is no regex that RE2 can run: {}", key, mistake);
}

std::vector<std::string> read_awaited(object_reader& reader, const std::string& key) {
    return reader.texts(key, [&](const std::string& regex) {
        check_pattern(key, regex);
        if (regex.empty()) throw usage_error("an empty regex would match at once");
    });
}

}  // namespace

std::vector<std::string> read_patterns(object_reader& reader, const std::string& key) {
    return reader.texts(key, [&](const std::string& pattern) { check_pattern(key, pattern); });
}

expect_step read_expect(const json_document& document, object_reader& reader) {
    expect_step expect;
    if (!reader.value("expect").is_object()) {
        reader.text("expect");
        expect.patterns = {{read_awaited(reader, "expect").front()}};
        expect.outcomes = {expect_outcome::pass};
        return expect;
    }
    constexpr std::size_t most_lines = 100;
    object_reader choice(document, reader.path_of("expect"), "\"expect\"");
    problem_list problems;
    std::uint64_t lines = 1;
    problems.attempt([&] {
        lines = choice.number("lines", 1, most_lines);
        if (lines == 0) throw choice.problem("lines", "\"lines\" is at least 1");
    });
    for (const auto& [key, outcome] : {std::pair{"fail", expect_outcome::fail},
                                       {"skip", expect_outcome::skip},
                                       {"pass", expect_outcome::pass}})
        problems.attempt([&] {
            for (const auto& regex : read_awaited(choice, key)) {
                expect.patterns.push_back({regex, lines});
                expect.outcomes.push_back(outcome);
            }
        });
    choice.finish(problems);
    problems.throw_all();
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
