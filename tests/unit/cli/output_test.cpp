// What commands print: colours, console lines, the command to run again.
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include "cli/terminal/again.hpp"
#include "cli/terminal/colour.hpp"
#include "cli/terminal/console_lines.hpp"

namespace qh {
namespace {

using lines = std::vector<std::string>;

TEST(colour, no_color_goes_before_clicolor_force_and_that_before_the_terminal) {
    EXPECT_TRUE(wants_colours(nullptr, nullptr, true));
    EXPECT_FALSE(wants_colours(nullptr, nullptr, false));
    EXPECT_TRUE(wants_colours(nullptr, "1", false));
    EXPECT_FALSE(wants_colours(nullptr, "0", false));
    EXPECT_FALSE(wants_colours("1", "1", true));
    EXPECT_TRUE(wants_colours("", "1", false));
    EXPECT_FALSE(wants_colours("", "", false));
}

TEST(console_lines, come_when_they_are_complete_however_they_are_cut) {
    console_lines console;
    EXPECT_EQ(console.feed("one\r"), lines{});
    EXPECT_EQ(console.feed("\ntwo\nthr"), (lines{"one", "two"}));
    EXPECT_EQ(console.finish(), lines{"thr"});
    EXPECT_EQ(console.finish(), lines{});
}

TEST(console_lines, are_harmless) {
    console_lines console;
    EXPECT_EQ(console.feed("\x1b[2Jhi\x9b\n"), lines{"\\x1b[2Jhi\\x9b"});
}

TEST(console_lines, of_a_command_channel_are_left_out) {
    console_lines console;
    EXPECT_EQ(console.feed("@@abcdef012345:E0\r\n@@home\n"), lines{"@@home"});
}

TEST(console_lines, without_an_end_are_cut) {
    console_lines console;
    EXPECT_EQ(console.feed(std::string(10000, 'x')).size(), 2u);
}

class same_command_of : public testing::Test {
  protected:
    same_command_of() {
        run_->add_option("SCENARIO", scenarios_);
        run_->add_option("--set", settings_)->allow_extra_args(false);
        run_->add_option("--append", append_);
        run_->add_option("--smp", harts_);
        run_->add_flag("--verbose,-v", verbose_);
    }

    std::string again(const std::vector<std::string>& words, const std::string& argument) {
        auto reversed = words;
        std::ranges::reverse(reversed);
        app_.parse(reversed);
        return same_command("./my qharness", *run_, argument);
    }

    CLI::App app_;
    CLI::App* run_ = app_.add_subcommand("run");
    std::vector<std::string> scenarios_, settings_;
    std::string append_;
    unsigned harts_ = 0;
    bool verbose_ = false;
};

TEST_F(same_command_of, a_run_has_every_option_that_was_given_and_one_scenario) {
    EXPECT_EQ(again({"run", "a.json", "--set", "n=1", "b.json", "--set", "m=it's", "-v"}, "b.json"),
              R"('./my qharness' run b.json --set n=1 --set 'm=it'\''s' --verbose)");
}

TEST_F(same_command_of, values_that_look_like_options_stay_values) {
    EXPECT_EQ(again({"run", "--append=-x y", "--", "-s"}, "-s"),
              R"('./my qharness' run '--append=-x y' -- -s)");
}

TEST_F(same_command_of, a_run_without_options_has_none) {
    EXPECT_EQ(again({"run", "a"}, "a"), "'./my qharness' run a");
}

}  // namespace
}  // namespace qh
