// What a night's folder comes to.
#include "matrix/night_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "matrix/night_directory.hpp"
#include "matrix/night_json.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using counts = std::map<cell_status, std::size_t>;

class night_record_test : public test::in_temporary_folder {
  protected:
    static json plan(std::vector<std::string> names, json all = json::array()) {
        json cells = json::array();
        for (const auto& name : names) {
            cell one;
            one.name = name;
            one.point = {{"scenario", name}};
            cells.push_back(to_json(one));
        }
        return {{"name", "m"},
                {"started", "2026-11-26T01:00:00Z"},
                {"cells", cells},
                {"all_cells", all}};
    }
    static void attempt(night_directory& night, const std::string& cell, int number,
                        const std::string& outcome, const std::string& record = "") {
        night.record("attempt_started", {{"cell", cell}, {"attempt", number}});
        night.record("attempt_finished", {{"cell", cell},
                                          {"attempt", number},
                                          {"outcome", outcome},
                                          {"reason", "because"},
                                          {"record", record},
                                          {"seconds", 2}});
    }
};

TEST_F(night_record_test, accounts_for_every_cell) {
    auto night = night_directory::make(folder(), plan({"x", "y", "z"}));
    write(
        night.path().filename() / "run/result.json",
        R"({"outcome": "passed", "steps": [{"name": "boot", "outcome": "passed", "output": "long"}]})");
    attempt(night, "x", 1, "failed");
    attempt(night, "x", 2, "passed", "run");
    night.record("attempt_started", {{"cell", "y"}, {"attempt", 1}});
    const auto record = read_night(night.path());
    EXPECT_EQ(counts_of(record), (counts{{cell_status::flaky, 1}, {cell_status::not_run, 2}}));
    EXPECT_EQ(record.cells[0].seconds, 4);
    EXPECT_EQ(record.cells[0].attempts.size(), 2u);
    EXPECT_EQ(to_json(record)["cells"][0]["steps"],
              (json{{{"name", "boot"}, {"outcome", "passed"}}}));
}

TEST_F(night_record_test, passes_over_a_line_that_a_kill_has_cut) {
    auto made = night_directory::make(folder(), plan({"x", "y"}));
    const auto path = made.path();
    attempt(made, "x", 1, "passed");
    const auto journal = path / "night.jsonl";
    write_file_atomically(journal, read_file(journal) + R"({"type": "attempt_fini)");
    { auto gone = std::move(made); }
    auto again = night_directory::reopen(path);
    attempt(again, "y", 1, "passed");
    EXPECT_EQ(counts_of(read_night(path)), (counts{{cell_status::passed, 2}}));
}

TEST_F(night_record_test, an_interrupted_attempt_was_none) {
    auto night = night_directory::make(folder(), plan({"x"}));
    attempt(night, "x", 1, "interrupted");
    EXPECT_EQ(read_progress(night.path()).at("x").attempts.size(), 0u);
    EXPECT_EQ(read_progress(night.path()).at("x").started, 1u);
    EXPECT_EQ(read_night(night.path()).cells[0].status, cell_status::not_run);
}

TEST_F(night_record_test, reads_a_run_as_a_night_of_one_cell) {
    write("run/result.json", R"({"outcome": "panicked", "reason": "r", "scenario": {"name": "s"},
                                 "machine": {"cpu": "rv64"}, "cost": {"wall_s": 3}, "steps": []})");
    const auto night = read_night(folder() / "run");
    EXPECT_EQ(counts_of(night), (counts{{cell_status::failed, 1}}));
    EXPECT_EQ(night.cells[0].outcome, cell_outcome::panicked);
}

TEST_F(night_record_test, finds_the_records_of_a_runs_attempts) {
    const auto record_of = [&](const std::string& attempts, const std::string& form) {
        write("run/result.json",
              R"({"outcome": "failed", "scenario": {"name": "s"}, "steps": [])" + attempts + "}");
        const auto night = read_night((folder() / "run").string() + form);
        EXPECT_EQ(night.name, "run");
        std::vector<std::string> records;
        for (const auto& attempt : night.cells[0].attempts) records.push_back(attempt.record);
        return records;
    };
    EXPECT_THAT(record_of("", ""), ElementsAre("../run"));
    EXPECT_THAT(record_of("", "/"), ElementsAre("../run"));
    EXPECT_THAT(record_of(R"(, "attempts": [{"outcome": "hung", "record": "a/x"},
                                           {"outcome": "failed", "record": "/b/run"}])",
                          "/."),
                ElementsAre("../x", "../run"));
}

TEST_F(night_record_test, a_history_is_beside_the_night_however_that_is_written) {
    for (const auto* form : {"/n/night", "/n/night/", "/n/x/../night/."})
        EXPECT_EQ(history_beside(form), "/n/history.db") << form;
}

TEST_F(night_record_test, refuses_a_folder_that_is_neither) {
    EXPECT_THAT(test::message_of([&] { read_night(folder()); }), HasSubstr("is no night's folder"));
}

TEST_F(night_record_test, says_what_of_a_damaged_record_it_cannot_read) {
    auto night = night_directory::make(folder(), plan({"x"}));
    attempt(night, "x", 1, "postponed");
    EXPECT_THAT(test::message_of([&] { read_night(night.path()); }),
                HasSubstr("night.jsonl: there is no outcome \"postponed\""));
    for (const auto* result :
         {R"({"outcome": 3, "scenario": {"name": "s"}})", R"({"outcome": "passed", "scenario": 3})",
          R"({"steps": []})", R"({"outcome": "passed", "scenario": {"name": "s"}, "steps": 3})"}) {
        write("run/result.json", result);
        EXPECT_THAT(test::message_of([&] { read_night(folder() / "run"); }),
                    HasSubstr("result.json is not what qharness wrote there"))
            << result;
    }
}

TEST_F(night_record_test, a_night_is_the_same_when_its_json_is_read_again) {
    auto night = night_directory::make(folder(), plan({"x", "y"}));
    write(night.path().filename() / "run/result.json",
          R"({"outcome": "failed", "fingerprint": {"cpu": "rv64"}, "excerpt": "last words",
              "steps": [{"name": "work", "outcome": "failed", "output": "o", "exit": 3}],
              "measurements": [{"name": "n", "value": 1.5, "from_guest": [1]}],
              "failures": [{"title": "Oops", "excerpt": ["a", "b"]}]})");
    attempt(night, "x", 1, "failed", "run");
    const auto document = to_json(read_night(night.path()));
    EXPECT_EQ(document["cells"][0]["measurements"][0]["from_guest"], (json{1}));
    EXPECT_EQ(to_json(night_from_json(document)), document);
}

night_result shard_of(std::vector<std::string> names) {
    night_result night;
    night.matrix = "m";
    night.folder = "/f";
    night.wall_s = 1;
    night.all_cells = {"a", "b", "c"};
    for (const auto& name : names) {
        auto& cell = night.cells.emplace_back();
        cell.what.name = name;
        cell.status = cell_status::passed;
        cell.attempts.push_back({run_outcome::passed, "", "cells/r"});
    }
    return night;
}

TEST(merge_nights_test, makes_one_of_shards_and_tells_what_is_missing) {
    const auto merged = merge_nights({shard_of({"a"}), shard_of({"c"})});
    EXPECT_EQ(merged.cells.size(), 2u);
    EXPECT_THAT(merged.missing.value(), ElementsAre("b"));
    EXPECT_EQ(counts_of(merged), (counts{{cell_status::passed, 2}}));
    EXPECT_EQ(merged.cells[0].attempts[0].record, "/f/cells/r");
}

TEST(merge_nights_test, refuses_a_cell_that_two_shards_have_run) {
    EXPECT_THAT(test::message_of([] {
                    merge_nights({shard_of({"a"}), shard_of({"a"})});
                }),
                HasSubstr("two shards have run the cell \"a\""));
    auto other = shard_of({"b"});
    other.matrix = "n";
    EXPECT_THAT(test::message_of([&] {
                    merge_nights({shard_of({"a"}), other});
                }),
                HasSubstr("different matrices"));
}

}  // namespace
}  // namespace qh
