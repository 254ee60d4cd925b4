// `qharness matrix`: every cell accounted for, whatever happens to it or to us.
#include <gmock/gmock.h>
#include <signal.h>

#include "night_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

class matrix : public night_test {};

TEST_F(matrix, runs_every_cell_once_and_says_so) {
    const auto end = call({"matrix", matrix_of(24, note_that_it_ran()), "--jobs", "8", "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 24}}));
    EXPECT_EQ(ran().size(), 24u);
    for (const auto& [cell, times] : ran()) EXPECT_EQ(times, 1) << cell;
    EXPECT_EQ(read_file(night_folder() / "result.json"), dump(night(end), 1) + "\n");
    EXPECT_THAT(end.errors, HasSubstr("24/24"));
}

TEST_F(matrix, a_regression_a_flake_and_a_fault_of_the_infrastructure_come_out_as_that) {
    const auto command =
        fmt::format("case {{{{n}}}} in 5) exit 1;; 6) test -e {0} || ! touch {0};; esac",
                    (folder() / "mark").string());
    const auto file =
        matrix_of(8, command,
                  {{"retries", 1},
                   {"axes", {{"qemu", {FAKE_QEMU}}}},
                   {"include", {{{"scenario", "s.json"}, {"qemu", "./missing_qemu"}, {"n", 9}}}}});
    const auto end = call({"matrix", file, "--jobs", "4", "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto found = night(end);
    EXPECT_EQ(found["counts"],
              (json{{"passed", 6}, {"failed", 1}, {"flaky", 1}, {"infra_error", 1}}));
    for (const auto& cell : found["cells"]) {
        if (cell["status"] == "failed") {
            EXPECT_THAT(cell["name"].get<std::string>(), HasSubstr("n=5"));
            EXPECT_EQ(cell["attempts"].size(), 2u);
            EXPECT_EQ(cell["steps"][1]["outcome"], "failed");
        } else if (cell["status"] == "flaky") {
            EXPECT_THAT(cell["name"].get<std::string>(), HasSubstr("n=6"));
            EXPECT_EQ(cell["attempts"][0]["outcome"], "failed");
            EXPECT_EQ(cell["attempts"][1]["outcome"], "passed");
        } else if (cell["status"] == "infra_error") {
            EXPECT_THAT(cell["reason"].get<std::string>(), HasSubstr("missing_qemu"));
            EXPECT_EQ(cell["attempts"][0]["record"], "");
        }
    }
}

TEST_F(matrix, a_qemu_that_is_killed_before_the_night_gets_its_attempt) {
    const auto mark = (folder() / "mark").string();
    const auto qemu =
        write("qemu", fmt::format("#!/bin/sh\ntest -e {0} || {{ touch {0}; kill -9 $$; }}\n"
                                  "exec {1} \"$@\"\n",
                                  mark, FAKE_QEMU));
    fs::permissions(qemu, fs::perms::owner_all);
    const auto file = matrix_of(2, "true", {{"axes", {{"qemu", {qemu.string()}}}}});
    const auto end = call({"matrix", file, "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 2}})) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("was killed by signal 9"));
}

TEST_F(matrix, known_failures_and_quarantine_fail_no_night) {
    const auto file = matrix_of(
        3, "test {{n}} = 0",
        {{"retries", 1},
         {"expect",
          {{{"n", 1}, {"outcome", "failed"}, {"reason", "a known bug"}, {"until", "2999-01-01"}}}},
         {"quarantine", {{{"n", 2}, {"reason", "a new board"}}}}});
    const auto end = call({"matrix", file, "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(statuses(night(end)),
              (std::map<std::string, std::string>{
                  {"s n=0", "passed"}, {"s n=1", "expected_failure"}, {"s n=2", "quarantined"}}));
    // What fails as it should is not tried again.
    EXPECT_EQ(night(end)["cells"][1]["attempts"].size(), 1u);
    EXPECT_EQ(night(end)["cells"][2]["attempts"].size(), 2u);
}

TEST_F(matrix, a_night_that_was_killed_goes_on_with_no_cell_twice_and_none_missing) {
    // The last cells wait for the file "go", so that the kill comes in the middle.
    const auto command =
        fmt::format("test {{{{n}}}} -lt 10 || until [ -e {} ]; do sleep 0.1; done; {}",
                    (folder() / "go").string(), note_that_it_ran());
    auto program = start({"matrix", matrix_of(20, command), "--jobs", "2"});
    program.wait_for_errors("10/20");
    program.signal(SIGKILL);
    program.finish();
    write("go", "");
    const auto cut_short = night_folder() / "night.jsonl";
    const auto before = read_file(cut_short);
    write_file_atomically(cut_short, before + R"({"type":"attempt_fin)");
    const auto end = call({"matrix", "--resume", night_folder().string(), "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 20}}));
    EXPECT_EQ(ran().size(), 20u);
    for (const auto& [cell, times] : ran()) EXPECT_EQ(times, 1) << cell;
    const auto again = call({"matrix", "--resume", night_folder().string(), "--json"});
    EXPECT_EQ(night(again)["counts"], (json{{"passed", 20}}));
    EXPECT_EQ(ran().at("0"), 1);
}

TEST_F(matrix, an_interruption_records_what_is_done_and_can_be_resumed) {
    const auto command =
        fmt::format("test {{{{n}}}} -lt 2 || until [ -e {} ]; do sleep 0.1; done; {}",
                    (folder() / "go").string(), note_that_it_ran());
    auto program = start({"matrix", matrix_of(6, command), "--jobs", "2", "--json"});
    program.wait_for_errors("2/6");
    program.signal(SIGINT);
    const auto stopped = program.finish();
    EXPECT_EQ(stopped.status, (exit_status{false, 2})) << stopped.errors;
    EXPECT_EQ(night(stopped)["counts"], (json{{"passed", 2}, {"not_run", 4}}));
    write("go", "");
    const auto end = call({"matrix", "--resume", night_folder().string(), "--json"});
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 6}})) << end.errors;
    for (const auto& [cell, times] : ran()) EXPECT_EQ(times, 1) << cell;
}

TEST_F(matrix, a_night_of_an_executor_that_is_unknown_here_does_not_go_on) {
    call({"matrix", matrix_of(1, note_that_it_ran())});
    const auto file = night_folder() / "night.json";
    auto plan = json::parse(read_file(file));
    plan["executor"] = "kubernetes";
    write_file_atomically(file, dump(plan));
    fs::remove(night_folder() / "night.jsonl");
    const auto end = call({"matrix", "--resume", night_folder().string()});
    EXPECT_EQ(end.status, (exit_status{false, 4}));
    EXPECT_THAT(end.errors, HasSubstr("there is no executor \"kubernetes\", only local, slurm"));
    EXPECT_EQ(ran().at("0"), 1);
}

TEST_F(matrix, two_processes_are_not_at_one_night) {
    const auto command =
        fmt::format("until [ -e {} ]; do sleep 0.1; done", (folder() / "go").string());
    auto program = start({"matrix", matrix_of(1, command)});
    program.wait_for_errors("m: 1 cells");
    const auto second = call({"matrix", "--resume", night_folder().string()});
    EXPECT_EQ(second.status, (exit_status{false, 4}));
    EXPECT_THAT(second.errors, HasSubstr("another qharness is at work on the night"));
    write("go", "");
    EXPECT_TRUE(program.finish().status.clean());
}

TEST_F(matrix, gives_up_when_infrastructure_fails_again_and_again) {
    play({{"guest", {{{"die", SIGKILL}}}}});
    const auto end = call({"matrix", matrix_of(20, "true"), "--jobs", "1", "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 6}));
    EXPECT_EQ(night(end)["counts"], (json{{"infra_error", 5}, {"not_run", 15}}));
    EXPECT_THAT(night(end)["stopped"].get<std::string>(), HasSubstr("5 cells in a row"));
}

TEST_F(matrix, failfast_starts_no_more) {
    const auto end =
        call({"matrix", matrix_of(6, "test {{n}} != 1"), "--jobs", "1", "--failfast", "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 1}));
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 1}, {"failed", 1}, {"not_run", 4}}));
}

TEST_F(matrix, rerun_failed_takes_what_failed_in_the_newest_night) {
    const auto file = matrix_of(
        5, fmt::format("test -e {} || test {{{{n}}}} -lt 3", (folder() / "mended").string()));
    EXPECT_EQ(call({"matrix", file}).status, (exit_status{false, 1}));
    write("mended", "");
    const auto end = call({"matrix", file, "--rerun-failed", "--json"});
    EXPECT_EQ(statuses(night(end)),
              (std::map<std::string, std::string>{{"s n=3", "passed"}, {"s n=4", "passed"}}));
}

TEST_F(matrix, a_second_night_that_is_like_the_first_has_nothing_to_tell) {
    const auto file =
        matrix_of(4, fmt::format("! test -e {}-{{{{n}}}}", (folder() / "bad").string()));
    const auto another_night = [&] {
        const auto end = call({"matrix", file, "--json", "--history", "history.db"});
        return night(end)["folder"].get<std::string>();
    };
    const auto compare = [&](const std::string& folder) {
        return call({"compare", folder, "--history", "history.db"});
    };
    EXPECT_THAT(compare(another_night()).errors, HasSubstr("has no night of m before"));
    const auto same = compare(another_night());
    EXPECT_EQ(same.status, (exit_status{false, 0}));
    EXPECT_EQ(same.output, "nothing has changed\n");
    write("bad-2", "");
    const auto worse = compare(another_night());
    EXPECT_EQ(worse.status, (exit_status{false, 1}));
    EXPECT_THAT(worse.output, HasSubstr("new failures (1):\n  s n=2: failed (before: passed)"));
    const auto dry = call({"matrix", file, "--dry-run", "--history", "history.db"});
    EXPECT_THAT(dry.output, testing::Not(HasSubstr("no past")));
}

TEST_F(matrix, shards_have_all_cells_between_them) {
    const auto file = matrix_of(7, "true");
    std::vector<std::string> names;
    for (const auto* shard : {"1/3", "2/3", "3/3"}) {
        const auto end = call({"matrix", file, "--dry-run", "--shard", shard, "--json"});
        const auto cells = parse_json(end.output)["cells"];
        for (const auto& cell : cells) names.push_back(cell["name"]);
    }
    EXPECT_THAT(
        names, UnorderedElementsAre("s n=0", "s n=1", "s n=2", "s n=3", "s n=4", "s n=5", "s n=6"));
}

TEST_F(matrix, shards_that_have_run_make_one_night_again) {
    const auto file = matrix_of(5, "test {{n}} != 3");
    std::vector<std::string> report = {"report",     "--merge", "--json",    "--junit",
                                       "junit.xml",  "--tap",   "night.tap", "--html",
                                       "night.html", "--kcidb", "night.json"};
    for (const auto* shard : {"1/2", "2/2"}) {
        const auto end = call({"matrix", file, "--shard", shard, "--json", "--history", "h.db"});
        report.push_back(night(end)["folder"]);
    }
    const auto end = call(report);
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 4}, {"failed", 1}}));
    EXPECT_THAT(read_file(folder() / "junit.xml"), HasSubstr("tests=\"5\" failures=\"1\""));
    EXPECT_THAT(read_file(folder() / "night.tap"), HasSubstr("1..5\n"));
    EXPECT_TRUE(fs::exists(folder() / "night.html"));
    const auto kcidb = parse_json(read_file(folder() / "night.json"));
    EXPECT_EQ(kcidb["tests"][0]["origin"], "qharness");
    report.pop_back();
    const auto incomplete = call(report);
    EXPECT_EQ(incomplete.status, (exit_status{false, 6}));
    EXPECT_THAT(incomplete.errors, HasSubstr("no shard has run s n="));
}

TEST_F(matrix, the_page_has_the_consoles_of_all_shards) {
    const auto file = matrix_of(3, "echo said {{n}}");
    std::vector<std::string> report = {"report", "--merge",   "--html",
                                       "p.html", "--history", "m.db"};
    for (const auto* shard : {"1/2", "2/2"}) {
        const auto end = call({"matrix", file, "--shard", shard, "--json", "--history", "h.db"});
        report.push_back(night(end)["folder"]);
    }
    const auto data_of_page = [&] {
        EXPECT_EQ(call(report).status, (exit_status{false, 0}));
        const auto page = read_file(folder() / "p.html");
        const auto from = page.find("id=\"night\">") + 11;
        return parse_json(page.substr(from, page.find("</script>", from) - from));
    };
    const auto data = data_of_page();
    ASSERT_EQ(data["consoles"].size(), 3u);
    for (const auto& console : data["consoles"])
        EXPECT_THAT(dump(console[0]["events"]), HasSubstr("boot shell"));
    EXPECT_FALSE(data.contains("changes"));
    EXPECT_EQ(data["trends"]["nights"].size(), 1u);
}

TEST_F(matrix, optional_cells_run_only_when_they_are_asked_for) {
    const auto file = matrix_of(2, "true", {{"adjust", {{{"n", 1}, {"optional", "slow"}}}}});
    EXPECT_THAT(call({"matrix", file, "--dry-run"}).output, HasSubstr("1 cells"));
    EXPECT_THAT(call({"matrix", file, "--dry-run", "--with", "slow"}).output, HasSubstr("2 cells"));
}

TEST_F(matrix, a_filter_that_leaves_nothing_is_told) {
    const auto end = call({"matrix", matrix_of(2, "true"), "--filter", "nothing like it"});
    EXPECT_EQ(end.status, (exit_status{false, 5}));
}

TEST_F(matrix, mistakes_are_told_before_anything_runs) {
    write("m.json", R"({"name": "m", "scenarios": ["none.json"], "axs": {}})");
    const auto end = call({"matrix", "m.json"});
    EXPECT_EQ(end.status, (exit_status{false, 4}));
    EXPECT_THAT(end.errors, HasSubstr("did you mean \"axes\"?"));
    EXPECT_FALSE(fs::exists(folder() / "runs"));
    EXPECT_EQ(call({"lint", "m.json"}).status, (exit_status{false, 4}));
}

}  // namespace
}  // namespace qh::integration
