#include "console/shown_text.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

TEST(shown_text, is_what_a_person_would_read) {
    const std::pair<std::string, std::string> cases[] = {
        {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n"},
        {"\x1b[1;32mPASS\x1b[0m tests\n", "PASS tests\n"},
        {"\rDownloading 50%\rDownloading 100%\n", "Downloading 100%\n"},
        {"\x1b]0;a title\x07text", "text"},
        {"ab\bc", "ac"},
        {"no end\r", "no end"},
        {"half an escape\x1b[3", "half an escape"},
        {"bytes \xff\n", "bytes \uFFFD\n"},
        {"", ""},
        {"\r\n", "\n"},
    };
    for (const auto& [bytes, text] : cases) EXPECT_EQ(shown_text(bytes), text) << bytes;
}

TEST(shown_text, leaves_plain_text_and_long_lines_whole) {
    const std::string line(100'000, 'x');
    EXPECT_EQ(shown_text("a\tb\n\n" + line), "a\tb\n\n" + line);
    EXPECT_EQ(shown_text(line + "\r\n" + line), line + "\n" + line);
}

}  // namespace
}  // namespace qh
