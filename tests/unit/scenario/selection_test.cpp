#include "scenario/selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/load.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;

class selection_test : public test::in_temporary_folder {
  protected:
    /// The names of the steps that stay.
    std::vector<std::string> chosen(const step_selection& selection) {
        auto scenario = load_scenario(write("s.json", R"({"name": "s", "steps": [
            {"name": "boot", "boot": "login"}, {"name": "in", "login": "root"},
            {"name": "a", "run": "true", "tags": "fast"}, {"name": "b", "run": "true"},
            {"name": "b again", "reboot": "login"}, {"name": "in again", "login": "root"},
            {"name": "help", "run": "true", "tags": "always"},
            {"name": "off", "poweroff": true}]})"),
                                      {});
        select_steps(scenario, selection);
        std::vector<std::string> names;
        for (const auto& step : scenario.steps)
            if (!step.left_out) names.push_back(step.name);
        return names;
    }
};

TEST_F(selection_test, keeps_what_the_chosen_steps_need) {
    EXPECT_THAT(chosen({"^a$", {}}), ElementsAre("boot", "in", "a", "help", "off"));
    EXPECT_THAT(chosen({"", {"fast"}}), ElementsAre("boot", "in", "a", "help", "off"));
    EXPECT_THAT(chosen({"^b", {}}),
                ElementsAre("boot", "in", "b", "b again", "in again", "help", "off"));
}

TEST_F(selection_test, asks_for_nothing_where_it_is_empty) {
    EXPECT_EQ(chosen({}).size(), 8u);
}

TEST_F(selection_test, refuses_steps_that_all_need_what_is_left_out) {
    const auto what = load_scenario(write("s.json", R"js({"name": "s", "steps": [
        {"name": "a", "run": "x", "capture": "(?P<v>x)"},
        {"name": "b", "run": "{{v}}", "capture": "(?P<w>x)"}, {"name": "c", "run": "{{w}}"},
        {"name": "d", "run": "x", "when": "v == 1"}, {"name": "e", "run": "x"}]})js"),
                                    {});
    const auto refusal = [&](const std::string& filter) {
        auto copy = what;
        return test::message_of([&] { select_steps(copy, {filter, {}}); });
    };
    EXPECT_EQ(
        refusal("b|c"),
        "s: --filter and --tag choose no step that can run: the step \"b\" needs \"v\", which "
        "\"a\" captures; choose that too");
    EXPECT_THAT(refusal("d"), testing::HasSubstr("the step \"d\" needs \"v\""));
    EXPECT_EQ(refusal("a|b"), "(no error)");
    EXPECT_EQ(refusal("b|e"), "(no error)");
}

}  // namespace
}  // namespace qh
