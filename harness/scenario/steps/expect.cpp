#include "scenario/steps/expect.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "scenario/steps/pattern_reader.hpp"
#include "scenario/steps/step_reading.hpp"

namespace qh {
namespace {

void check_awaited(const object_reader& object, const std::string& key, const std::string& regex) {
    check_pattern(object, key, regex);
    if (regex.empty()) throw object.problem(key, "an empty regex would match at once");
}

void read_choice(step_reading& from, expect_step& step) {
    constexpr std::size_t most_lines = 100;
    object_reader choice(from.document, from.object.path_of("expect"), "\"expect\"");
    const auto lines = choice.number("lines", 1, most_lines);
    if (lines == 0) throw choice.problem("lines", "\"lines\" is at least 1");
    for (const auto& [key, outcome] : {std::pair{"fail", expect_outcome::fail},
                                       {"skip", expect_outcome::skip},
                                       {"pass", expect_outcome::pass}})
        for (const auto& regex : choice.texts(key)) {
            check_awaited(choice, key, regex);
            step.patterns.push_back({regex, lines});
            step.outcomes.push_back(outcome);
        }
    choice.finish();
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
    check_awaited(from.object, "expect", from.object.text("expect"));
    step.patterns = {{from.object.text("expect")}};
    step.outcomes = {expect_outcome::pass};
}

}  // namespace qh
