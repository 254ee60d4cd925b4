#include "scenario/text/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "support/errors.hpp"

namespace qh {
namespace {

const std::map<std::string, std::string, std::less<>> known = {
    {"arch", "riscv64"},    {"python", "3.13.5"}, {"torch", "2.6.0+debian"}, {"loss", "0.012"},
    {"nan_loss", "nan"},    {"inf_loss", "inf"},  {"text", "a < b"},         {"empty", ""},
    {"guest.harts", "2"},   {"memory", "7936M"},  {"took", "90s"},           {"limit", "0.02"},
    {"garbage", "unknown"}, {"tag", "v1.2"},
};

comparison_result compare(std::string_view text) {
    return evaluate(parse_comparison(text),
                    [](std::string_view name) -> std::optional<std::string> {
                        const auto found = known.find(name);
                        if (found == known.end()) return std::nullopt;
                        return found->second;
                    });
}

TEST(comparison, holds_or_does_not) {
    const struct {
        const char* text;
        bool holds;
    } cases[] = {
        // text
        {"arch == riscv64", true},
        {"arch == x86_64", false},
        {"arch != x86_64", true},
        {"arch != riscv64", false},
        {"arch < riscv65", false},
        {"{{arch}} == riscv64", true},
        {"{{arch}} != riscv64", false},
        {"riscv{{took}} == riscv90s", true},
        {"arch contains v6", true},
        {"arch contains x", false},
        {"text contains a < b", true},
        {"empty == 0", false},
        // numbers
        {"guest.harts == 2", true},
        {"guest.harts == 2.0", true},
        {"guest.harts != 2.0", false},
        {"guest.harts < 10", true},
        {"guest.harts >= 2", true},
        {"guest.harts > 2", false},
        {"guest.harts <= 1", false},
        // units
        {"memory >= 7G", true},
        {"memory >= 8G", false},
        {"memory == 7936 MiB", true},
        {"memory > 8000000000", true},
        {"took < 2m", true},
        {"took < 89000ms", false},
        {"took >= 90", true},
        {"took < 8G", false},
        {"took > 8K", false},
        {"loss < limit", true},
        {"loss < 1e-3", false},
        {"-1 < 0", true},
        {"loss < high", false},
        {"10 > 9", true},
        // what is no number holds in no order
        {"nan_loss < 1", false},
        {"nan_loss > 1", false},
        {"nan_loss == nan", true},
        {"nan_loss != nan", false},
        {"inf_loss < 1", false},
        {"inf_loss > 1", true},
        // versions
        {"python version >= 3.8", true},
        {"python version < 3.8", false},
        {"python version == 3.13.5", true},
        {"python version > 3.13", true},
        {"torch version == 2.6", true},
        {"torch version >= 2.6.0", true},
        {"torch version != 2.6", false},
        {"tag version >= 1.1", true},
        {"3.10 version > 3.9", true},
        {"python version >= 3", true},
        // what is no version holds in no order
        {"garbage version >= 1", false},
        {"garbage version <= 1", false},
        {"garbage version == other", false},
        {"python version == 99999999999999999999999", false},
    };
    for (const auto& c : cases) EXPECT_EQ(compare(c.text).holds, c.holds) << c.text;
}

TEST(comparison, explains_itself_with_its_values) {
    EXPECT_EQ(compare("arch == x86_64").explanation, "arch == x86_64 (arch is riscv64)");
    EXPECT_EQ(compare("loss < limit").explanation, "loss < limit (loss is 0.012) (limit is 0.02)");
    EXPECT_EQ(compare("python version >= 4").explanation, "python version >= 4 (python is 3.13.5)");
}

TEST(parse_comparison, takes_the_first_operator) {
    const auto parsed = parse_comparison("  left   contains  x == y ");
    EXPECT_EQ(parsed.left, "left");
    EXPECT_EQ(parsed.op, "contains");
    EXPECT_EQ(parsed.right, "x == y");
    EXPECT_EQ(parse_comparison("a  version >= 1").left, "a");
}

TEST(parse_comparison, refuses_another_form) {
    for (const char* text : {"", "a", "a == ", " == b", "a==b", "a = b", "a =~ b", "== b",
                             "version >= ", "a version contains 3"})
        EXPECT_THAT(test::message_of([&] { parse_comparison(text); }),
                    testing::HasSubstr("is not a comparison; write NAME OP VALUE"))
            << text;
}

}  // namespace
}  // namespace qh
