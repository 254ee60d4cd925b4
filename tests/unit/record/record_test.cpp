#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "record/result_builder.hpp"
#include "record/run_directory.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

const time_point start{1000s};

class run_directory_test : public test::in_temporary_folder {
  protected:
    static std::vector<json> journal_of(const run_directory& run) {
        std::vector<json> lines;
        const auto text = read_file(run.path() / "journal.jsonl");
        for (const auto line : split_lines(text)) lines.push_back(parse_json(line));
        return lines;
    }
};

TEST_F(run_directory_test, is_named_after_time_and_scenario) {
    const struct {
        std::string scenario;
        const char* name;
    } cases[] = {
        {"smoke", "[0-9]{8}T[0-9]{6}Z-smoke-[0-9a-f]{4}"},
        {"a/../b c", "[0-9]{8}T[0-9]{6}Z-a-..-b-c-[0-9a-f]{4}"},
        {"\xff", "[0-9]{8}T[0-9]{6}Z---[0-9a-f]{4}"},
        {std::string(500, 'x'), "[0-9]{8}T[0-9]{6}Z-x{60}-[0-9a-f]{4}"},
    };
    for (const auto& c : cases) {
        const run_directory run(folder() / "new" / "runs", c.scenario);
        EXPECT_THAT(run.path().filename().string(), MatchesRegex(c.name));
        EXPECT_EQ(run.path().parent_path(), folder() / "new" / "runs");
    }
}

TEST_F(run_directory_test, gives_each_run_a_folder_of_its_own) {
    std::set<std::filesystem::path> paths;
    for (int i = 0; i < 50; ++i) paths.insert(run_directory(folder(), "s").path());
    EXPECT_EQ(paths.size(), 50u);
}

TEST_F(run_directory_test, keeps_every_event_as_a_line_of_json) {
    run_directory run(folder(), "s");
    const std::string raw("bytes \xff\0\x1b\r\n", 11);
    run.record({start, events::machine_paused{true}});
    run.record({start + 1500ms, events::console_out{{raw}}});
    run.record({start + 2s, events::error_output{{"warning\n"}}});
    run.record({start + 3s, events::verdict{run_outcome::failed, "bad \xff byte\nand line"}});
    const auto journal = journal_of(run);
    ASSERT_EQ(journal.size(), 4u);
    EXPECT_EQ(journal[0], json({{"t", 0.0}, {"type", "machine_paused"}, {"paused", true}}));
    EXPECT_EQ(journal[1]["t"], 1.5);
    EXPECT_TRUE(journal[1].contains("base64"));
    EXPECT_EQ(journal[2]["text"], "warning\n");
    EXPECT_EQ(read_file(run.path() / "console.log"), raw);
    EXPECT_EQ(read_file(run.path() / "qemu.stderr"), "warning\n");
}

TEST_F(run_directory_test, keeps_each_log_up_to_its_limit_and_says_so) {
    run_directory run(folder(), "s", 10);
    for (int i = 0; i < 5; ++i) run.record({start, events::console_out{{"line\r\n"}}});
    for (int i = 0; i < 5; ++i) run.record({start, events::channel_out{{"line\r\n"}}});
    run.record({start, events::verdict()});
    EXPECT_THAT(read_file(run.path() / "console.log"),
                StartsWith("line\r\nline\r\n\n[qharness: cut here"));
    std::vector<std::string> types;
    for (const auto& line : journal_of(run)) types.push_back(line["type"]);
    EXPECT_THAT(types, ElementsAre("console_out", "console_out", "console_cut", "channel_out",
                                   "channel_out", "channel_cut", "verdict"));
}

TEST_F(run_directory_test, is_complete_after_each_event) {
    run_directory run(folder(), "s");
    for (int i = 0; i < 5; ++i) {
        run.record({start, events::console_out{{"x"}}});
        EXPECT_EQ(journal_of(run).size(), static_cast<std::size_t>(i) + 1);
        EXPECT_EQ(read_file(run.path() / "console.log").size(), static_cast<std::size_t>(i) + 1);
    }
}

TEST_F(run_directory_test, writes_other_files_whole) {
    const run_directory run(folder(), "s");
    run.write("qemu.sh", "#!/bin/sh\n", true);
    run.write("result.json", "{}");
    run.write("result.json", "{\"a\":1}");
    EXPECT_EQ(read_file(run.path() / "result.json"), "{\"a\":1}");
    using std::filesystem::perms;
    const auto mode = std::filesystem::status(run.path() / "qemu.sh").permissions();
    EXPECT_NE(mode & perms::owner_exec, perms::none);
    for (const auto& entry : std::filesystem::directory_iterator(run.path()))
        EXPECT_EQ(entry.path().string().find("partial"), std::string::npos);
}

TEST_F(run_directory_test, names_the_place_it_cannot_write) {
    const auto file = write("file", "");
    const auto make = [&] { run_directory(file / "runs", "s"); };
    EXPECT_TRUE(test::fails_with(fault::infrastructure, make));
    EXPECT_THAT(test::message_of(make), HasSubstr((file / "runs").string()));
    EXPECT_THAT(test::message_of(make), HasSubstr("--out"));
}

TEST(result_builder, is_an_infrastructure_error_until_it_hears_better) {
    const result_builder builder;
    const auto& result = builder.result();
    EXPECT_EQ(result["outcome"], "infra_error");
    EXPECT_EQ(result["schema"], 1);
    EXPECT_TRUE(result["steps"].empty());
}

TEST(result_builder, folds_a_runs_events) {
    result_builder builder;
    const auto hear = [&](event_data what) { builder.on_event({start, std::move(what)}); };
    hear(events::run_started{"1.0",
                             3,
                             7,
                             "today",
                             json(),
                             "smoke",
                             {{"cpu", "rv64"}},
                             {},
                             json{{"cpu", "Xeon"}},
                             {},
                             {}});
    hear(events::connected{"10.0.2", {}});
    hear(events::step_started{0, "a", "run"});
    hear(events::console_out{{"x"}});
    hear(events::facts{{{"guest.kernel", "6.12"}}});
    hear(events::measurement{"m", "a", {{{"value", 1}, {"unit", "s"}}}});
    hear(events::step_finished{
        0, "a", "run", step_outcome::passed, 1.5, {}, {}, {{{"captures", {{"v", "1"}}}}}});
    hear(events::failure{"panic", "t", true, "the line", "b", {}, {}});
    hear(events::step_finished{
        1, "b", "run", step_outcome::failed, 2, {}, {}, {{{"captures", {{"v", "2"}}}}}});
    hear(events::machine_ended{false, 0});
    hear(events::verdict{run_outcome::panicked, "why", "lines", {}});
    hear(events::run_finished{{{"wall_s", 2}}});
    EXPECT_EQ(builder.result(), parse_json(R"({
        "schema": 1, "qharness": "1.0", "started": "today", "scenario": "smoke", "machine": {"cpu": "rv64", "qemu_version": "10.0.2"},
        "outcome": "panicked", "reason": "why", "excerpt": "lines",
        "facts": {"guest.kernel": "6.12"}, "host": {"cpu": "Xeon"}, "captures": {"v": "2"},
        "measurements": [{"name": "m", "step": "a", "value": 1, "unit": "s"}],
        "steps": [{"name": "a", "kind": "run", "seconds": 1.5, "outcome": "passed",
                   "captures": {"v": "1"}},
                  {"name": "b", "kind": "run", "seconds": 2, "outcome": "failed",
                   "captures": {"v": "2"}}],
        "failures": [{"kind": "panic", "title": "t", "fatal": true, "step": "b",
                      "excerpt": "the line"}],
        "machine_end": {"signalled": false, "status": 0}, "cost": {"wall_s": 2},
        "fingerprint": {"qemu": "10.0.2", "cpu": "rv64", "kernel": "6.12", "host_cpu": "Xeon"}})"));
}

}  // namespace
}  // namespace qh
