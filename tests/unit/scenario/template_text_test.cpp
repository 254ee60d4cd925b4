#include "scenario/template_text.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

std::optional<std::string> lookup(std::string_view name) {
    if (name == "n") return "6";
    if (name == "guest.isa") return "rv64gc";
    if (name == "again") return "{{n}}";
    if (name == "empty") return "";
    return std::nullopt;
}

TEST(fill_in, replaces_what_is_known) {
    const struct {
        const char* text;
        const char* filled;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{{n}}", "6"},
        {"a {{n}} b {{n}}c", "a 6 b 6c"},
        {"{{guest.isa}}", "rv64gc"},
        {"[{{empty}}]", "[]"},
        {"{{unknown}} {{n}}", "{{unknown}} 6"},
        {"{{again}}", "{{n}}"},  // values are not filled in again
        {"{n} {{ n }} {{n} {{1x}} {{}}", "{n} {{ n }} {{n} {{1x}} {{}}"},
        {"{{{n}}}", "{6}"},
        {"\xff{{n}}\xff",
         "\xff"
         "6\xff"},
    };
    for (const auto& c : cases) EXPECT_EQ(fill_in(c.text, lookup), c.filled) << c.text;
}

TEST(first_placeholder, is_the_first_well_formed_one) {
    EXPECT_EQ(first_placeholder("{{ a }} {{b.c}} {{d}}"), "b.c");
    EXPECT_EQ(first_placeholder("nothing {here}"), "");
}

}  // namespace
}  // namespace qh
