// Help, man page and completions are made from one command tree, and wrong calls from it too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "cli/manual/completion.hpp"
#include "cli/manual/man_page.hpp"
#include "cli/terminal/parse_error.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
using testing::Not;

class manual : public testing::Test {
  protected:
    manual() {
        app_.name("qharness");
        app_.require_subcommand(1);
        run_ = app_.add_subcommand("run", "Run: it's 100 [%] \\ of");
        run_->add_option("SCENARIO", scenarios_, "what to run")->required();
        run_->add_option("--image", image_, "image to boot")->type_name("IMAGE");
        run_->add_option("--smp", harts_, "harts")->check(CLI::Range(1u, 8u))->type_name("N");
        run_->add_flag("--verbose,-v", verbose_, "more");
        run_->footer("Examples:\n  qharness run -v");
        auto* const group = app_.add_subcommand("image", "Images");
        auto* const list = group->add_subcommand("list", "List them");
        list->add_option("--shape", shape_)->check(CLI::IsMember({"round", "square"}));
    }

    std::string explained(std::vector<std::string> words) {
        std::ranges::reverse(words);
        try {
            app_.parse(words);
        } catch (const CLI::ParseError& mistake) {
            return explain(app_, mistake);
        }
        return "(no mistake)";
    }

    CLI::App app_{"About."};
    CLI::App* run_ = nullptr;
    std::vector<std::string> scenarios_;
    std::string image_, shape_;
    unsigned harts_ = 0;
    bool verbose_ = false;
};

TEST_F(manual, the_tree_has_commands_options_and_arguments_with_the_kind_of_their_values) {
    const auto root = command_tree(app_);
    const auto commands = flattened(root);
    ASSERT_EQ(commands.size(), 4u);
    EXPECT_EQ(commands[1]->name, "run");
    EXPECT_EQ(commands[3]->name, "image list");
    ASSERT_EQ(commands[1]->arguments.size(), 1u);
    EXPECT_EQ(commands[1]->arguments[0].kind, value_kind::scenario);
    const auto& options = commands[1]->options;
    EXPECT_EQ(options[1].kind, value_kind::image);
    EXPECT_EQ(options[2].value, "N");
    EXPECT_EQ(options[3].names, (std::vector<std::string>{"-v", "--verbose"}));
    EXPECT_EQ(options[3].value, "");
    EXPECT_EQ(commands[3]->options[1].choices, (std::vector<std::string>{"round", "square"}));
}

TEST_F(manual, the_page_escapes_what_roff_would_act_on) {
    run_->footer(".so /etc/passwd\n'also\n\\*x");
    const auto page = man_page(command_tree(app_), "1.0");
    EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd\n\\&'also\n\\e*x"));
    EXPECT_THAT(page, HasSubstr("\\fB\\-v\\fR, \\fB\\-\\-verbose\\fR"));
    EXPECT_THAT(page, HasSubstr("\\fB\\-\\-smp\\fR \\fIN\\fR"));
}

TEST_F(manual, a_mistyped_option_or_command_is_told_with_the_one_that_was_meant) {
    EXPECT_THAT(explained({"run", "x", "--imgae", "tiny"}),
                HasSubstr("no option \"--imgae\"; did you mean \"--image\"?"));
    EXPECT_THAT(explained({"run", "x", "--imgae=tiny"}), HasSubstr("did you mean \"--image\"?"));
    EXPECT_THAT(explained({"run", "x", "--imgae"}), HasSubstr("(qharness run --help"));
    EXPECT_THAT(explained({"rum", "x"}), HasSubstr("no command \"rum\"; did you mean \"run\"?"));
    EXPECT_THAT(explained({"image", "lis"}), HasSubstr("did you mean \"list\"?"));
}

TEST_F(manual, other_mistakes_keep_their_own_words_and_get_a_hint) {
    EXPECT_THAT(explained({}), HasSubstr("subcommand"));
    EXPECT_THAT(explained({"run"}), HasSubstr("SCENARIO is required"));
    EXPECT_THAT(explained({"run", "x", "--smp", "9"}), HasSubstr("--smp"));
    EXPECT_THAT(explained({"frobnicate"}), Not(HasSubstr("did you mean")));
}

TEST_F(manual, what_was_typed_is_harmless_in_the_explanation) {
    EXPECT_THAT(explained({"\x1b[2J"}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace qh
