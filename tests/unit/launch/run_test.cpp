// Runs started without a command line, on a guest that tests/fakes/fake_qemu plays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "launch/no_images.hpp"
#include "launch/run_attempts.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class launched_run : public test::in_temporary_folder {
  protected:
    void SetUp() override {
        ::setenv("FAKE_QEMU_SCRIPT", (folder() / "fake_qemu.json").c_str(), 1);
        write("kernel", "no kernel");
        play_good_guest();
        settings.out = folder() / "runs";
        settings.cold = true;
    }
    void TearDown() override { ::unsetenv("FAKE_QEMU_SCRIPT"); }

    /// Does `actions` once it runs, and powers off.
    void play_guest(json actions) const {
        const json off = {{"guest", true}, {"reason", "guest-shutdown"}};
        actions.push_back({{"event", "SHUTDOWN"}, {"data", off}});
        actions.push_back({{"exit", 0}});
        write("fake_qemu.json", dump({{"guest", actions}}));
    }

    /// Does what the scenario waits for, up to the line that it answers.
    void play_good_guest() const {
        play_guest(json::array({{{"print", "hello\r\n"}}, {{"wait_for", "\n"}}}));
    }

    /// A scenario that waits for "hello" and says `answer`.
    std::string scenario_that_says(const std::string& answer, const json& params) const {
        const json machine = {{"kernel", "kernel"}, {"qemu", FAKE_QEMU}, {"cpu", "rv64"}};
        const json steps = {{{"expect", "hello"}}, {{"send", answer}}};
        return write("test.json", dump({{"name", "test"},
                                        {"params", params},
                                        {"machine", machine},
                                        {"steps", steps}}))
            .string();
    }

    planned_run plan(const run_request& request) {
        auto planned = plan_run(request, settings, images);
        if (!planned) throw usage_error("no step is selected");
        return std::move(*planned);
    }

    run_watch watch() {
        return {.say = [this](const std::string& line) { said.push_back(line); },
                .on_event = [this](const event& event) { on_event(event); },
                .on_console = [](std::string_view) {}};
    }

    test::no_images images;
    run_settings settings;
    std::vector<std::string> said;
    std::function<void(const event&)> on_event = [](const event&) {};
};

TEST_F(launched_run, is_judged_and_leaves_its_record) {
    const auto planned = plan({.scenario = scenario_that_says("bye", json::object())});
    const auto run = run_recorded(planned, settings, watch());
    EXPECT_EQ(run.how.outcome, run_outcome::passed) << run.how.reason;
    EXPECT_EQ(run.directory.parent_path(), settings.out);
    EXPECT_EQ(json::parse(read_file(run.directory / "result.json")), run.result);
    EXPECT_EQ(run.result["outcome"], "passed");
    EXPECT_THAT(read_file(run.directory / "console.log"), HasSubstr("hello"));
    EXPECT_THAT(said, testing::ElementsAre(HasSubstr("test on rv64, 1 hart, 512 MiB: ")));
}

TEST_F(launched_run, is_on_the_machine_that_its_caller_wants) {
    const auto planned = plan({.scenario = scenario_that_says("bye", json::object()),
                               .machine = {{"cpu", {"max"}}, {"smp", {"2"}}, {"memory", {"1G"}}}});
    const auto run = run_recorded(planned, settings, watch());
    EXPECT_EQ(run.result["machine"]["cpu"], "max");
    EXPECT_EQ(run.result["machine"]["smp"], 2);
    EXPECT_EQ(run.result["machine"]["memory_bytes"], 1u << 30);
}

TEST_F(launched_run, is_tried_again_and_flaky_where_it_passes_then) {
    play_guest(json::array());
    settings.retries = 1;
    on_event = [this](const event& event) {
        if (std::holds_alternative<events::run_finished>(event.what)) play_good_guest();
    };
    const auto planned = plan({.scenario = scenario_that_says("bye", json::object())});
    const auto run = run_with_retries(planned, settings, watch());
    EXPECT_EQ(run.how.outcome, run_outcome::passed);
    EXPECT_EQ(run.result["outcome"], "flaky");
    EXPECT_EQ(run.result["attempts"].size(), 2u);
    EXPECT_THAT(said, testing::Contains("attempt 2 of 2:"));
}

TEST_F(launched_run, tells_secrets_nowhere) {
    const json params = {{"word", {{"default", "pa55w0rd"}, {"secret", true}}}};
    settings.again = "qharness run test.json --set word=pa55w0rd";
    const auto planned = plan({.scenario = scenario_that_says("{{word}}", params)});
    const auto run = run_recorded(planned, settings, watch());
    EXPECT_EQ(run.how.outcome, run_outcome::passed) << run.how.reason;
    EXPECT_EQ(run.again, "qharness run test.json --set word=***");
    EXPECT_THAT(read_file(run.directory / "journal.jsonl"),
                AllOf(HasSubstr("word=***"), Not(HasSubstr("pa55w0rd"))));
}

TEST_F(launched_run, is_none_where_no_step_is_selected) {
    const run_request request = {.scenario = scenario_that_says("bye", json::object()),
                                 .selection = {.filter = "no such step", .tags = {}}};
    EXPECT_FALSE(plan_run(request, settings, images));
}

TEST_F(launched_run, builds_no_image_where_only_cached_ones_will_do) {
    ::setenv("QHARNESS_CACHE_DIR", folder().c_str(), 1);
    cached_images cached(images);
    machine_request request;
    request.image = "tiny";
    EXPECT_EQ(test::message_of([&] { plan_machine(request, cached); }),
              "image tiny is not built yet; build it with: qharness image build tiny");
    ::unsetenv("QHARNESS_CACHE_DIR");
}

}  // namespace
}  // namespace qh
