// Runs that go on from where an earlier one was saved, on a real guest.
#include <gmock/gmock.h>

#include "base/locations.hpp"
#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

class guest_warm : public guest_test {
  protected:
    guest_warm() { machine_arguments = {"--image", "tiny", "--smp", "2"}; }

    /// Points of this test's own beside everybody's images.
    void SetUp() override {
        std::filesystem::create_directories(folder() / "cache");
        std::filesystem::create_directory_symlink(cache_directory() / "images",
                                                  folder() / "cache" / "images");
        variables["QHARNESS_CACHE_DIR"] = (folder() / "cache").string();
    }

    std::filesystem::path point() const {
        for (const auto& entry : std::filesystem::directory_iterator(folder() / "cache" / "warm"))
            return entry.path();
        return {};
    }

    recorded_run run_anew(const std::string& file, const std::vector<std::string>& more = {}) {
        std::filesystem::remove_all(folder() / "runs");
        return run(file, more);
    }

    std::string warm_scenario(const std::string& after = "cat /tmp/kept; sleep 2; nproc") const {
        return scenario({boot_step(),
                         {{"name", "keep"},
                          {"run", "echo kept > /tmp/kept; echo $$"},
                          {"capture", "(?P<shell>\\d+)"}},
                         {{"warm", true}},
                         {{"name", "use"}, {"run", after}, {"match", "kept\n2"}},
                         {{"name", "date"}, {"run", "date +%s"}, {"capture", "(?P<now>\\d+)"}},
                         {{"name", "same"},
                          {"run", "echo $$"},
                          {"capture", "(?P<again>\\d+)"},
                          {"check", {"again == shell"}}},
                         {{"poweroff", true}}});
    }
};

TEST_F(guest_warm, goes_on_from_the_first_runs_point) {
    const auto first = run_anew(warm_scenario());
    ASSERT_EQ(first.result["outcome"], "passed") << first.end.errors;
    EXPECT_EQ(first.step("warm")["warm"]["how"], "saved");

    const auto second = run_anew(warm_scenario());
    ASSERT_EQ(second.result["outcome"], "passed") << second.end.errors;
    EXPECT_EQ(second.step("warm")["warm"]["how"], "restored");
    EXPECT_TRUE(second.result.contains("warm_start"));
    EXPECT_THAT(second.end.output, HasSubstr("from a warm point"));
    // Both shells would have the same number; only one machine has been booted.
    EXPECT_EQ(second.result["captures"]["shell"], first.result["captures"]["shell"]);
    const auto clock_of = [](const recorded_run& run) {
        return std::stoll(run.result["captures"]["now"].get<std::string>());
    };
    EXPECT_GT(clock_of(second), clock_of(first));
    expect_the_same_when_replayed(second);

    const auto other = run_anew(warm_scenario("echo something else"));
    EXPECT_EQ(other.result["outcome"], "failed");
    EXPECT_EQ(other.step("warm")["warm"]["how"], "restored") << other.end.errors;
    EXPECT_FALSE(point().empty());
}

TEST_F(guest_warm, watches_a_silent_guest_by_the_clock_that_goes_on) {
    const auto file = scenario({boot_step(),
                                {{"warm", true}},
                                {{"name", "silence"}, {"run", "sleep 3"}},
                                {{"poweroff", true}}});
    ASSERT_EQ(run_anew(file).step("warm")["warm"]["how"], "saved");
    const auto restored = run_anew(file);
    ASSERT_EQ(restored.step("warm")["warm"]["how"], "restored") << restored.end.errors;
    bool silent = false;
    int samples = 0;
    for (const auto& event : restored.journal) {
        if (event["type"] == "step_started") silent = event["name"] == "silence";
        if (event["type"] == "step_finished") silent = false;
        if (silent && event["type"] == "cpu") ++samples;
    }
    // The last one comes with the output in any case.
    EXPECT_GE(samples, 2);
}

TEST_F(guest_warm, boots_where_the_machine_is_another_or_none_is_wanted) {
    ASSERT_EQ(run_anew(warm_scenario()).step("warm")["warm"]["how"], "saved");
    EXPECT_EQ(run_anew(warm_scenario(), {"--cpu", "rv64,v=true"}).step("warm")["warm"]["how"],
              "saved");
    const auto cold = run_anew(warm_scenario(), {"--cold"});
    EXPECT_EQ(cold.result["outcome"], "passed") << cold.end.errors;
    EXPECT_EQ(cold.step("warm")["warm"]["reason"], "not wanted (--cold)");
}

TEST_F(guest_warm, boots_where_the_saved_state_is_damaged) {
    ASSERT_EQ(run_anew(warm_scenario()).step("warm")["warm"]["how"], "saved");
    write(std::filesystem::relative(point() / "state", folder()).string(), "no state at all");
    const auto again = run_anew(warm_scenario());
    EXPECT_EQ(again.result["outcome"], "passed") << again.end.errors;
    EXPECT_EQ(again.step("warm")["warm"]["how"], "none");
    EXPECT_THAT(again.end.errors, HasSubstr("the warm point could not be restored"));
    EXPECT_TRUE(point().empty());
}

TEST_F(guest_warm, gives_up_a_point_whose_guest_died) {
    ASSERT_EQ(run_anew(warm_scenario()).step("warm")["warm"]["how"], "saved");
    const auto dead =
        run_anew(warm_scenario("echo 1 > /proc/sys/kernel/sysrq; echo c > /proc/sysrq-trigger"));
    EXPECT_EQ(dead.result["outcome"], "panicked") << dead.end.errors;
    EXPECT_EQ(dead.step("warm")["warm"]["how"], "restored");
    EXPECT_TRUE(point().empty());
}

TEST_F(guest_warm, has_each_run_go_on_from_the_disk_as_it_was_saved) {
    const auto disk = write("disk.raw", std::string(1 << 20, '\0'));
    machine_arguments.insert(machine_arguments.end(), {"--drive", disk.string()});
    const auto file = scenario({boot_step(),
                                {{"name", "before"}, {"run", "echo saved > /dev/vda; sync"}},
                                {{"warm", true}},
                                {{"name", "read"},
                                 {"run", "echo 3 > /proc/sys/vm/drop_caches; head -c 5 /dev/vda"},
                                 {"match", "^saved$"}},
                                {{"name", "after"}, {"run", "echo later > /dev/vda; sync"}},
                                {{"poweroff", true}}});
    EXPECT_EQ(run_anew(file).step("warm")["warm"]["how"], "saved");
    for (int i = 0; i < 2; ++i) {
        const auto restored = run_anew(file);
        EXPECT_EQ(restored.result["outcome"], "passed") << restored.end.errors;
        EXPECT_EQ(restored.step("warm")["warm"]["how"], "restored");
    }
    EXPECT_EQ(read_file(disk), std::string(1 << 20, '\0'));
}

TEST_F(guest_warm, saves_no_state_that_could_not_be_restored) {
    const auto run = this->run_anew(warm_scenario(), {"--cpu", "rv64,sstc=false"});
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.errors;
    const auto warm = run.step("warm")["warm"];
    if (run.result["machine"]["qemu_version"].get<std::string>() < "10.2") {
        EXPECT_EQ(warm["how"], "none");
        EXPECT_THAT(warm["reason"].get<std::string>(), HasSubstr("does not save the timers"));
    }
}

}  // namespace
}  // namespace qh::integration
