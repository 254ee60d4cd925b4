#include "console/line_prefilter.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "base/text.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

using method = line_prefilter::method;

/// "line:regex" of each pair that matches, by a prefilter and RE2 where it points to.
std::vector<std::string> found(const std::vector<std::string>& regexes, const std::string& lines,
                               method with) {
    line_prefilter filter(regexes, with);
    std::vector<std::string> matches;
    filter.scan(lines, [&](const line_prefilter::candidate& line) {
        const auto text = lines.substr(line.begin, line.end - line.begin);
        for (const int i : line.regexes)
            if (re2::RE2::PartialMatch(text, regexes[static_cast<std::size_t>(i)]))
                matches.push_back(text + ":" + std::to_string(i));
        return true;
    });
    return matches;
}

/// The same by RE2 on each line.
std::vector<std::string> truth(const std::vector<std::string>& regexes, const std::string& lines) {
    std::vector<std::string> matches;
    for (const auto line : split_lines(lines))
        for (std::size_t i = 0; i < regexes.size(); ++i)
            if (re2::RE2::PartialMatch(std::string(line), regexes[i]))
                matches.push_back(std::string(line) + ":" + std::to_string(i));
    return matches;
}

const std::vector<std::vector<std::string>> sets = {
    {"panic", "Oops( - \\w+)? \\[#\\d+\\]", "^BUG: ", "login: $"},
    {"(?i)ERROR", "a.*b", "\\d+%", "^$"},
    {"\u00e9t\u00e9", "(?i)\u00c9t", "."},
    {"a", "b", "ab|ba", "x{3,5}y?", "a\\nb"},
    {""},
    {},
};

TEST(line_prefilter, misses_no_match_with_or_without_vectorscan) {
    for (const auto& regexes : sets)
        for (unsigned seed = 1; seed <= 40; ++seed) {
            std::string lines;
            for (const auto* word : {"panic", "Oops - x [#1]", "BUG: ", "login: ", "eRRor", "7%",
                                     "\u00e9t\u00e9 \u00c9T\u00c9", "\xff", "aab", "xxxx", "b a"})
                lines += word + test::random_bytes("ab x\n\n1%", seed % 7, seed) + "\n";
            lines += test::random_bytes("ab\nx1%: $panic", 300, seed) + "\n";
            EXPECT_EQ(found(regexes, lines, method::words), truth(regexes, lines)) << seed;
            EXPECT_EQ(found(regexes, lines, method::re2_alone), truth(regexes, lines)) << seed;
        }
}

TEST(line_prefilter, spares_lines_without_the_words_of_a_match) {
    line_prefilter filter({"Kernel panic", "Oops \\[#"}, method::words);
    std::vector<std::size_t> lines;
    filter.scan("one\ntwo\nOops [#1]\nthree\n", [&](const line_prefilter::candidate& line) {
        lines.push_back(line.begin);
        EXPECT_EQ(line.regexes.size(), 1u);
        return true;
    });
    EXPECT_EQ(lines, (std::vector<std::size_t>{8}));
}

TEST(line_prefilter, stops_when_told_to) {
    int calls = 0;
    line_prefilter filter({"a"}, method::words);
    filter.scan("a\na\na\n", [&](const line_prefilter::candidate&) { return ++calls < 2; });
    EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace qh
