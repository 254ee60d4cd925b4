#include "scenario/text/template_text.hpp"

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

std::vector<std::string> told(std::string_view text) {
    std::vector<std::string> texts;
    for (const auto& one : placeholders(text)) texts.push_back(one.text());
    return texts;
}

TEST(placeholders, are_names_in_braces_with_blanks_or_without) {
    using texts = std::vector<std::string>;
    EXPECT_EQ(told("{{b.c}} x{{d}}"), (texts{"{{b.c}}", "{{d}}"}));
    EXPECT_EQ(told("{{a}}{{ b }}{{\tc}}"), (texts{"{{a}}", "{{ b }}", "{{ c }}"}));
    EXPECT_EQ(told("nothing {here} {{ .Names }} {{}} {{1x}} {{a b}}"), texts{});
    EXPECT_EQ(placeholders("{{ a}}").front().stands_for_nothing(),
              "{{ a }} stands for nothing; write {{a}}, without blanks");
}

}  // namespace
}  // namespace qh
