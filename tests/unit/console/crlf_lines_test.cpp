#include "console/crlf_lines.hpp"

#include <gtest/gtest.h>

#include "support/splits.hpp"

namespace qh {
namespace {

std::vector<std::string> lines_of(const test::chunks& chunks) {
    crlf_lines filter;
    std::vector<std::string> lines;
    for (const auto& chunk : chunks) filter.feed(chunk, lines);
    return lines;
}

TEST(crlf_lines, are_those_that_end_in_both) {
    const struct {
        const char* bytes;
        std::vector<std::string> lines;
    } cases[] = {
        {"", {}},
        {"a\nb\n", {}},
        {"a\r\n", {"a"}},
        {"a\nb\r\nc\n", {"b"}},
        {"a\r\r\n", {"a"}},
        {"a\rb\n", {}},
        {"a\rb\r\n", {"ab"}},
        {"\r\n", {""}},
        {"open\r", {}},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.bytes))
            ASSERT_EQ(lines_of(chunks), c.lines) << c.bytes;
}

TEST(crlf_lines, keep_no_more_than_2048_bytes_of_a_line) {
    EXPECT_EQ(lines_of({std::string(100'000, 'x') + "\r\nnext\r\n"}),
              (std::vector<std::string>{std::string(2048, 'x'), "next"}));
}

}  // namespace
}  // namespace qh
