// The night's page: small, whole, and with nothing of a guest's in it but data.
#include "report/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "matrix/night_json.hpp"
#include "report/console_files.hpp"
#include "report/page_console.hpp"
#include "report/page_data.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

json cell(const std::string& name, const std::string& status = "passed") {
    return {{"name", name},
            {"point", {{"scenario", "s.json"}, {"cpu", "rv64"}}},
            {"status", status},
            {"outcome", status},
            {"reason", ""},
            {"seconds", 1.5},
            {"attempts", {{{"outcome", status}, {"record", name}, {"seconds", 1.5}}}}};
}

night_result night(std::vector<json> cells) {
    return night_from_json({{"matrix", "m"}, {"cells", std::move(cells)}});
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin) + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

const std::string hostile = "</script><script>{{data}}<!--<img src=x onerror=alert(1)>";

TEST(page_test, holds_the_night_as_data) {
    page_extras extras;
    extras.consoles = json{{hostile}};
    const auto page = night_page(night({cell(hostile)}), extras);
    const auto data = parse_json(between(page, R"(id="night">)", "</script>"));
    EXPECT_EQ(data["cells"][0]["name"], hostile);
    EXPECT_EQ(data["consoles"][0][0], hostile);
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    for (const auto* form : {"https:", "src=", "href=", "@import", "url("})
        EXPECT_THAT(page.substr(0, page.find("application/json")), Not(HasSubstr(form)));
}

TEST(page_test, lets_only_its_own_script_and_style_be_used) {
    const auto page = night_page(night({cell("x")}));
    const auto hash = [](const std::string& text) {
        return "'sha256-" + base64_encoded(*hex_decoded(sha256_hex(text))) + "'";
    };
    const auto policy = between(page, "Content-Security-Policy\" content=\"", "\"");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'; "));
    EXPECT_THAT(policy,
                HasSubstr("script-src " + hash(between(page, "<script>", "</script>")) + ";"));
    EXPECT_THAT(policy, HasSubstr("style-src " + hash(between(page, "<style>", "</style>")) + ";"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
}

TEST(page_test, has_a_colour_and_a_place_for_every_status) {
    const auto page = night_page(night({}));
    const auto style = between(page, "<style>", "</style>");
    const auto places = between(page, "const statuses = [", "]");
    for (const auto status : names_of<cell_status>()) {
        EXPECT_THAT(style, HasSubstr(fmt::format(".{} {{ background:", status)));
        EXPECT_THAT(places, HasSubstr(fmt::format("\"{}\"", status)));
    }
}

TEST(page_data_test, keeps_the_ends_of_long_texts_and_few_failures) {
    auto one = cell("x", "failed");
    one["excerpt"] = "the beginning" + std::string(5000, '.') + "the end";
    one["steps"] = {{{"name", "boot"}, {"outcome", "passed"}, {"reason", ""}, {"exit", 0}}};
    one["failures"] = std::vector<json>(
        50, {{"title", "Oops"}, {"excerpt", {"a", "b"}}, {"explanation", {{"text", "why"}}}});
    const auto shown = page_data(night({one}))["cells"][0];
    EXPECT_THAT(shown["excerpt"].get<std::string>(), HasSubstr("the end"));
    EXPECT_LT(shown["excerpt"].get<std::string>().size(), 2100u);
    EXPECT_EQ(shown["steps"], (json{{{"name", "boot"}, {"outcome", "passed"}}}));
    EXPECT_EQ(shown["failures"].size(), 5u);
    EXPECT_EQ(shown["failures"][0],
              (json{{"title", "Oops"}, {"excerpt", "a\nb\n"}, {"explanation", "why"}}));
}

TEST(share_out_bytes_test, gives_all_what_they_have_where_that_fits) {
    EXPECT_THAT(share_out_bytes({10, 20, 30}, 100, 25), ElementsAre(10, 20, 25));
}

TEST(share_out_bytes_test, gives_what_small_ones_leave_to_the_large_ones) {
    EXPECT_THAT(share_out_bytes({100, 10, 90}, 100, 1000), ElementsAre(45, 10, 45));
    EXPECT_THAT(share_out_bytes({5, 5}, 0, 1000), ElementsAre(0, 0));
}

constexpr auto short_cast =
    "{\"version\":3}\n[0.5,\"m\",\"boot\"]\n[1.0,\"o\",\"a\"]\n[0.01,\"o\",\"b\"]\n"
    "[2,\"o\",\"<c\"]\nnonsense\n[-5,\"o\",\"d\"]\n[0.1,\"x\",\"0\"]\n";

TEST(page_console_test, has_text_and_steps_with_their_times) {
    const auto console = page_console(short_cast, 1000);
    EXPECT_EQ(console["events"],
              (json{{500, nullptr, "boot"}, json{1000, "ab"}, json{2010, "<cd"}}));
    EXPECT_EQ(console["cut_bytes"], 0);
}

TEST(page_console_test, keeps_the_end_within_its_limit_and_tells_what_is_left_out) {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "[1,\"o\",\"0123456789\\r\\n\"]\n";
    const auto console = page_console(text, 100);
    ASSERT_EQ(console["events"].size(), 4u);
    EXPECT_EQ(console["events"][3], (json{1000, "0123456789\r\n"}));
    EXPECT_EQ(console["cut_ms"], 96000);
    EXPECT_EQ(console["cut_bytes"], 95 * 24 + 12);
    EXPECT_LE(dump(console["events"]).size(), 110u);
    EXPECT_EQ(page_console(text, 0)["events"].size(), 0u);
}

TEST(page_console_test, cuts_no_character_in_two) {
    const auto console = page_console("[1,\"o\",\"ääää\"]\n", 10 + 3);
    EXPECT_EQ(console["events"][0][1], "ä");
}

class read_consoles_test : public test::in_temporary_folder {
  protected:
    void record(const std::string& name, std::size_t bytes) {
        write(name + "/console.cast", "[1,\"o\",\"" + std::string(bytes, 'x') + "\"]\n");
    }
    static std::size_t length(const json& console) {
        return console["events"].empty() ? 0 : console["events"][0][1].get<std::string>().size();
    }
};

TEST_F(read_consoles_test, reads_each_attempts_console) {
    auto two = cell("b", "flaky");
    two["attempts"] = json::array();
    for (const auto* record : {"b1", "", "gone"})
        two["attempts"].push_back({{"outcome", "failed"}, {"record", record}});
    record("a", 10);
    record("b1", 20);
    auto all = night({cell("a"), two});
    all.folder = folder();
    const auto consoles = read_consoles(all, 10'000);
    EXPECT_EQ(length(consoles[0][0]), 10u);
    EXPECT_EQ(length(consoles[1][0]), 20u);
    EXPECT_TRUE(consoles[1][1].is_null());
    EXPECT_TRUE(consoles[1][2].is_null());
}

TEST_F(read_consoles_test, what_failed_goes_before_what_passed) {
    record("a", 5000);
    record("b", 5000);
    auto all = night({cell("a"), cell("b", "failed")});
    all.folder = folder();
    const auto consoles = read_consoles(all, 6000);
    EXPECT_EQ(length(consoles[1][0]), 5000u);
    EXPECT_GT(length(consoles[0][0]), 500u);
    EXPECT_LT(length(consoles[0][0]), 1000u);
}

TEST_F(read_consoles_test, of_a_flood_only_the_end_is_read) {
    std::string text;
    for (int i = 0; i < 60'000; ++i) text += "[0.001,\"o\",\"" + std::string(80, 'x') + "\"]\n";
    text += "[0.001,\"o\",\"the end\"]\n";
    write("a/console.cast", text);
    auto all = night({cell("a")});
    all.folder = folder();
    const auto console = read_consoles(all, 100'000)[0][0];
    EXPECT_LT(dump(console).size(), 60'000u);
    EXPECT_GT(console["cut_bytes"], 3'000'000);
    EXPECT_THAT(console["events"].back()[1].get<std::string>(), testing::EndsWith("the end"));
}

}  // namespace
}  // namespace qh
