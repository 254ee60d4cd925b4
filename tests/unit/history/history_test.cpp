// All nights in one file.
#include "history/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "matrix/night_json.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class history_test : public test::in_temporary_folder {
  protected:
    std::filesystem::path file() const { return folder() / "history.db"; }

    static json cell(const std::string& status, double seconds = 3, double value = 10) {
        return {{"name", "x"},
                {"status", status},
                {"outcome", status},
                {"reason", ""},
                {"seconds", seconds},
                {"attempts", json::array()},
                {"fingerprint", {{"cpu", "rv64"}}},
                {"steps", {{{"name", "boot"}, {"outcome", "passed"}, {"seconds", 1.0}}}},
                {"measurements", {{{"name", "gflops"}, {"value", value}, {"unit", "GFLOP/s"}}}},
                {"failures", {{{"kind", "oops"}, {"title", "Oops"}, {"step", "boot"}}}}};
    }
    static night_result night(int day, std::vector<json> cells, const std::string& shard = "") {
        json one = {{"night", fmt::format("night-{}{}", day, shard.substr(0, 1))},
                    {"matrix", "m"},
                    {"started", fmt::format("2026-11-{:02}T01:00:00Z", day)},
                    {"cells", std::move(cells)}};
        if (!shard.empty()) one["shard"] = shard;
        return night_from_json(one);
    }
    static std::string fingerprint() {
        return fingerprint_of(night(1, {cell("passed")}).cells.front());
    }
};

TEST_F(history_test, gives_back_what_it_was_given) {
    const auto one = night(1, {cell("passed")});
    history(file()).add(one);
    EXPECT_EQ(to_json(history(file()).load("night-1").value()), to_json(one));
    EXPECT_FALSE(history(file()).load("night-2"));
}

TEST_F(history_test, tells_of_a_night_with_a_status_that_a_newer_version_knows) {
    history(file()).add(night(1, {cell("passed")}));
    SQLite::Database(file(), SQLite::OPEN_READWRITE)
        .exec("UPDATE runs SET details = replace(details, 'passed', 'postponed')");
    EXPECT_THAT(test::message_of([&] { history(file()).load("night-1"); }),
                HasSubstr("the history's night night-1: there is no outcome \"postponed\""));
}

TEST_F(history_test, tells_of_a_night_that_is_damaged) {
    history(file()).add(night(1, {cell("passed")}));
    for (const auto* details : {"3", "{}", "{\"name\": 3}", "nonsense"}) {
        SQLite::Database(file(), SQLite::OPEN_READWRITE)
            .exec(fmt::format("UPDATE runs SET details = '{}'", details));
        EXPECT_THAT(test::message_of([&] { history(file()).load("night-1"); }),
                    HasSubstr("the history's night night-1 is not what qharness wrote there"))
            << details;
    }
}

TEST_F(history_test, replaces_a_night_that_is_added_again) {
    history nights(file());
    nights.add(night(1, {cell("failed")}));
    nights.add(night(1, {cell("passed")}));
    EXPECT_EQ(nights.load("night-1")->cells[0].status, cell_status::passed);
    const auto second = night(2, {cell("passed")});
    EXPECT_EQ(nights.values(second, "x", "gflops", fingerprint()).size(), 1u);
}

TEST_F(history_test, finds_the_night_before_of_the_same_matrix_and_shard) {
    history nights(file());
    auto filtered = night(3, {cell("passed")});
    filtered.partial = true;
    auto other = night(4, {cell("passed")});
    other.matrix = "other";
    for (const auto& one : {night(1, {cell("passed")}), night(2, {cell("passed")}), filtered, other,
                            night(4, {cell("passed")}, "1/2")})
        nights.add(one);
    EXPECT_EQ(nights.predecessor(night(5, {}))->name, "night-2");
    EXPECT_EQ(nights.predecessor(night(2, {}))->name, "night-1");
    EXPECT_FALSE(nights.predecessor(night(1, {})));
    EXPECT_FALSE(nights.predecessor(night(5, {}, "2/2")));
}

TEST_F(history_test, tells_since_when_a_cell_fails) {
    history nights(file());
    for (const auto& [day, status] : std::vector<std::pair<int, const char*>>{
             {1, "failed"}, {2, "passed"}, {3, "failed"}, {4, "infra_error"}, {5, "failed"}})
        nights.add(night(day, {cell(status)}));
    EXPECT_EQ(nights.failing_since(night(5, {}), "x"), "2026-11-03T01:00:00Z");
    EXPECT_EQ(nights.failing_since(night(2, {}), "x"), "");
    EXPECT_EQ(nights.failing_since(night(1, {}), "x"), "2026-11-01T01:00:00Z");
}

TEST_F(history_test, knows_how_long_cells_take) {
    history nights(file());
    for (const double seconds : {3.0, 100.0, 4.0})
        nights.add(night(static_cast<int>(seconds), {cell("passed", seconds)}));
    nights.add(night(20, {cell("infra_error", 0.1)}));
    EXPECT_EQ(nights.seconds_of_cells("m", history::nights::all).at("x"), 4);
    nights.add(night(21, {cell("passed", 50)}, "1/2"));
    nights.add(night(22, {cell("passed", 60)}, "1/2"));
    EXPECT_EQ(nights.seconds_of_cells("m", history::nights::all).at("x"), 50);
    EXPECT_EQ(nights.seconds_of_cells("m", history::nights::whole).at("x"), 4);
    EXPECT_THAT(nights.seconds_of_cells("other", history::nights::all), IsEmpty());
}

TEST_F(history_test, tells_earlier_values_of_the_same_fingerprint_only) {
    history nights(file());
    nights.add(night(1, {cell("passed", 3, 10)}));
    nights.add(night(2, {cell("passed", 3, 11)}));
    auto other_cpu = cell("passed", 3, 99);
    other_cpu["fingerprint"]["cpu"] = "max";
    nights.add(night(3, {other_cpu}));
    nights.add(night(4, {cell("passed", 3, 12)}));
    EXPECT_THAT(nights.values(night(4, {}), "x", "gflops", fingerprint()), ElementsAre(11, 10));
}

TEST_F(history_test, tells_how_figures_went_up_to_a_night) {
    history nights(file());
    auto other_cpu = cell("passed", 3, 99);
    other_cpu["fingerprint"]["cpu"] = "max";
    nights.add(night(1, {other_cpu}));
    nights.add(night(2, {cell("passed", 4, 11)}));
    nights.add(night(3, {cell("infra_error", 0.1, 12)}));
    nights.add(night(9, {cell("passed")}));
    const auto trends = nights.trends(night(4, {cell("passed", 5, 13)}));
    EXPECT_EQ(trends["nights"], (json{"2026-11-01T01:00:00Z", "2026-11-02T01:00:00Z",
                                      "2026-11-03T01:00:00Z", "2026-11-04T01:00:00Z"}));
    const auto& figures = trends["cells"]["x"];
    EXPECT_EQ(figures[0],
              (json{{"name", "gflops"},
                    {"unit", "GFLOP/s"},
                    {"points", {{0, 99.0, 0}, {1, 11.0, 1}, {2, 12.0, 1}, {3, 13.0, 1}}}}));
    EXPECT_EQ(figures[1], (json{{"name", "whole cell"},
                                {"unit", "s"},
                                {"points", {{0, 3.0, 0}, {1, 4.0, 1}, {3, 5.0, 1}}}}));
}

TEST_F(history_test, trends_go_back_twenty_nights) {
    history nights(file());
    for (int day = 1; day <= 25; ++day) nights.add(night(day, {cell("passed")}));
    const auto trends = nights.trends(night(25, {cell("passed")}));
    EXPECT_EQ(trends["nights"].size(), 20u);
    EXPECT_EQ(trends["nights"][0], "2026-11-06T01:00:00Z");
}

TEST_F(history_test, several_write_at_a_time) {
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer)
        writers.emplace_back([&, writer] {
            for (int i = 0; i < 10; ++i)
                history(file()).add(night(writer * 10 + i, {cell("passed")}));
        });
    for (auto& writer : writers) writer.join();
    for (int i = 0; i < 40; ++i) EXPECT_TRUE(history(file()).load(fmt::format("night-{}", i))) << i;
}

TEST_F(history_test, a_file_that_is_none_is_told) {
    write("history.db", std::string(5000, 'x'));
    EXPECT_THAT(test::message_of([&] { history nights(file()); }),
                HasSubstr("history.db: file is not a database"));
}

}  // namespace
}  // namespace qh
