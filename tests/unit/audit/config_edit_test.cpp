#include "audit/config_edit.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<config_setting> settings = {{"BR2_A", "y"}, {"BR2_SIZE", "\"24G\""}};

TEST(config_edit, appends_what_is_not_there_under_a_comment) {
    const auto edit = with_settings("BR2_B=y", settings);
    EXPECT_EQ(edit.text,
              "BR2_B=y\n\n# For building PyTorch (qharness audit buildroot --fix)\n"
              "BR2_A=y\nBR2_SIZE=\"24G\"\n");
    EXPECT_THAT(edit.added, ElementsAre("BR2_A=y", "BR2_SIZE=\"24G\""));
    EXPECT_THAT(edit.replaced, IsEmpty());
}

TEST(config_edit, a_symbol_that_is_there_gets_its_value_in_its_place) {
    const auto edit = with_settings("# BR2_A is not set\r\nBR2_SIZE=\"1G\"\nBR2_B=y\n", settings);
    EXPECT_EQ(edit.text, "BR2_A=y\r\nBR2_SIZE=\"24G\"\nBR2_B=y\n");
    EXPECT_THAT(edit.added, IsEmpty());
    ASSERT_EQ(edit.replaced.size(), 2u);
    EXPECT_EQ(edit.replaced[0].line, 1u);
    EXPECT_EQ(edit.replaced[0].before, "# BR2_A is not set");
}

TEST(config_edit, of_two_the_one_that_counts_is_changed) {
    EXPECT_EQ(with_settings("BR2_A=n\nBR2_A=n\n", {{"BR2_A", "y"}}).text, "BR2_A=n\nBR2_A=y\n");
}

TEST(config_edit, a_second_time_changes_nothing) {
    const auto once = with_settings("BR2_B=y", settings);
    const auto twice = with_settings(once.text, settings);
    EXPECT_FALSE(twice.changes_anything());
    EXPECT_EQ(twice.text, once.text);
}

TEST(config_edit, leaves_a_text_that_needs_nothing_as_it_is) {
    EXPECT_EQ(with_settings("BR2_B=y", {}).text, "BR2_B=y");
}

}  // namespace
}  // namespace qh
