#include "scenario/steps/expect.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "scenario/steps/pattern_reader.hpp"
#include "scenario/steps/step_reading.hpp"

namespace qh {
namespace {

std::vector<std::string> read_awaited(object_reader& object, const std::string& key) {
    return object.texts(key, [&](const std::string& regex) {
        check_pattern(key, regex);
        if (regex.empty()) throw usage_error("an empty regex would match at once");
    });
}

void read_choice(step_reading& from, expect_step& step) {
    constexpr std::size_t most_lines = 100;
    object_reader choice(from.document, from.object.path_of("expect"), "\"expect\"");
    problem_list problems;
    std::uint64_t lines = 1;
    problems.attempt([&] {
        lines = choice.number("lines", 1, most_lines);
        if (lines == 0) throw choice.problem("lines", "\"lines\" is at least 1");
    });
    const std::pair<const char*, expect_outcome> lists[] = {{"fail", expect_outcome::fail},
                                                            {"skip", expect_outcome::skip},
                                                            {"pass", expect_outcome::pass}};
    for (const auto& list : lists)
        problems.attempt([&] {
            for (const auto& regex : read_awaited(choice, list.first)) {
                step.patterns.push_back({regex, lines});
                step.outcomes.push_back(list.second);
            }
        });
    choice.finish(problems);
    problems.throw_all();
    if (std::ranges::find(step.outcomes, expect_outcome::pass) == step.outcomes.end())
        throw choice.has("pass")
            ? choice.problem("pass", "\"pass\" is a regex or a list of them")
            : from.object.problem("expect",
                                  "\"expect\" needs a \"pass\": a regex or a list of them");
}

}  // namespace

std::string expect_step::text() const {
    std::vector<std::string> passing;
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (outcomes[i] == expect_outcome::pass)
            passing.push_back(fmt::format("/{}/", patterns[i].regex));
    return fmt::format("{}", fmt::join(passing, " or "));
}

void read(step_reading& from, expect_step& step) {
    if (from.object.value("expect").is_object()) return read_choice(from, step);
    from.object.text("expect");
    step.patterns = {{read_awaited(from.object, "expect").front()}};
    step.outcomes = {expect_outcome::pass};
}

}  // namespace qh
