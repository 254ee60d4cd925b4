#include "record/cast.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const time_point start{1000s};

std::vector<std::string> lines_of(cast_version version) {
    cast recording(version, "smoke", 1700000000);
    std::string text = recording.header();
    text += recording.on_event({start, events::run_started()});
    text += recording.on_event({start + 500ms, events::step_started{0, "boot", "boot"}});
    text += recording.on_event({start + 1s, events::console_out{{"a\x1b[1m\r\n"}}});
    text += recording.on_event({start + 2s, events::console_out{{"\xff\xC3"}}});
    text += recording.on_event({start + 2250ms, events::console_in{{"typed"}}});
    text += recording.on_event({start + 3s, events::console_out{{"\xA9"}}});
    text += recording.on_event({start + 4s, events::machine_ended{false, 1}});
    std::vector<std::string> lines;
    for (const auto line : split_lines(text)) lines.emplace_back(line);
    return lines;
}

TEST(cast_test, of_version_3_has_intervals_markers_and_the_exit_status) {
    EXPECT_THAT(
        lines_of(cast_version::v3),
        ElementsAre(
            R"({"term":{"cols":80,"rows":24},"timestamp":1700000000,"title":"smoke","version":3})",
            R"([0.5,"m","boot"])", R"([0.5,"o","a\u001b[1m\r\n"])", "[1.0,\"o\",\"\uFFFD\"]",
            "[1.0,\"o\",\"\u00e9\"]", R"([1.0,"x","1"])"));
}

TEST(cast_test, of_version_2_has_times) {
    EXPECT_THAT(
        lines_of(cast_version::v2),
        ElementsAre(
            R"({"height":24,"timestamp":1700000000,"title":"smoke","version":2,"width":80})",
            R"([0.5,"m","boot"])", R"([1.0,"o","a\u001b[1m\r\n"])", "[2.0,\"o\",\"\uFFFD\"]",
            "[3.0,\"o\",\"\u00e9\"]"));
}

TEST(cast_test, keeps_characters_whole_however_they_come) {
    const std::string text = "a\u00e9\u20ac\U0001F600z";
    for (const auto& pieces : test::all_splits(text)) {
        cast recording(cast_version::v2, "", {});
        std::string all;
        for (const auto& piece : pieces) {
            const auto line =
                recording.on_event({start, events::console_out{{std::string(piece)}}});
            if (!line.empty()) all += parse_json(line)[2].get<std::string>();
        }
        EXPECT_EQ(all, text);
    }
}

}  // namespace
}  // namespace qh
