#include "console/crlf_lines.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

std::vector<std::string> lines_of(std::string_view bytes, std::size_t chunk) {
    crlf_lines reader;
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bytes.size(); at += chunk)
        reader.feed(bytes.substr(at, chunk), lines);
    return lines;
}

TEST(CrlfLines, OnlyLinesWithCarriageReturnCountHoweverTheyAreCut) {
    const std::string_view bytes = "mine\nsbi_trap_error: hart0\r\nalso mine\nx\r\r\nno end\r";
    for (const std::size_t chunk : {1u, 2u, 7u, 1000u})
        EXPECT_THAT(lines_of(bytes, chunk), ElementsAre("sbi_trap_error: hart0", "x")) << chunk;
}

TEST(CrlfLines, ALongLineIsCut) {
    const auto lines = lines_of(std::string(100'000, 'x') + "\r\n", 4096);
    ASSERT_THAT(lines, SizeIs(1));
    EXPECT_THAT(lines[0], SizeIs(2048));
}

}  // namespace
}  // namespace qh
