// `run --retries`: what passes only at a second attempt is told apart from what passes.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class retry : public fake_qemu_test {
  protected:
    retry() { play_guest({shell_action()}); }

    std::vector<std::string> run_arguments(const std::string& file,
                                           const std::vector<std::string>& more) const {
        std::vector<std::string> arguments = {"run", file, "--out", "runs"};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::size_t run_count() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder() / "runs"), fs::directory_iterator()));
    }

    json result_at(const json& attempt) const {
        return parse_json(
            read_file(folder() / attempt["record"].get<std::string>() / "result.json"));
    }

    /// Fails the first time that it runs.
    json flaky_step() const {
        const auto mark = (folder() / "mark").string();
        return {{"name", "flaky"}, {"run", fmt::format("test -e {0} || ! touch {0}", mark)}};
    }
};

TEST_F(retry, a_pass_after_a_failure_is_flaky_with_all_attempts_kept) {
    const auto end =
        call(run_arguments(scenario({boot_step(), flaky_step()}), {"--retries", "3", "--json"}));
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(run_count(), 2u);
    const auto runs = parse_json(end.output)["runs"];
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0]["outcome"], "flaky");
    EXPECT_THAT(runs[0]["reason"].get<std::string>(), HasSubstr("exit status 1, expected 0"));
    const auto& attempts = runs[0]["attempts"];
    ASSERT_EQ(attempts.size(), 2u);
    EXPECT_EQ(attempts[0]["outcome"], "failed");
    EXPECT_EQ(attempts[1]["outcome"], "passed");
    EXPECT_EQ(result_at(attempts[0])["outcome"], "failed");
    EXPECT_EQ(result_at(attempts[1]), runs[0]);
}

TEST_F(retry, the_terminal_says_that_it_was_flaky) {
    const auto end = call(run_arguments(scenario({boot_step(), flaky_step()}), {"--retries", "1"}));
    EXPECT_THAT(end.output, HasSubstr("flaky: test, 2 of 2 steps passed"));
    EXPECT_THAT(end.output, HasSubstr("attempt: failed: step \"flaky\""));
    EXPECT_THAT(end.errors, HasSubstr("attempt 2 of 2"));
}

TEST_F(retry, what_never_passes_keeps_its_outcome_and_names_its_attempts) {
    const auto end = call(
        run_arguments(scenario({boot_step(), {{"run", "false"}}}), {"--retries", "2", "--json"}));
    EXPECT_EQ(end.status, (exit_status{false, 1}));
    const auto run = parse_json(end.output)["runs"][0];
    EXPECT_EQ(run["outcome"], "failed");
    EXPECT_EQ(run["attempts"].size(), 3u);
    EXPECT_EQ(run_count(), 3u);
}

TEST_F(retry, a_pass_at_the_first_attempt_has_no_attempts_to_tell_of) {
    const auto end = call(run_arguments(scenario({boot_step()}), {"--retries", "2", "--json"}));
    const auto run = parse_json(end.output)["runs"][0];
    EXPECT_EQ(run["outcome"], "passed");
    EXPECT_FALSE(run.contains("attempts"));
}

TEST_F(retry, an_infra_error_is_tried_again) {
    play_start({{{"exit", 1}}});
    const auto end = call(run_arguments(scenario({boot_step()}), {"--retries", "1"}));
    EXPECT_EQ(end.status, (exit_status{false, 6}));
    EXPECT_EQ(run_count(), 2u);
}

TEST_F(retry, an_interruption_is_not) {
    const auto file = scenario({boot_step(),
                                {{"name", "ready"}, {"run", "true"}},
                                {{"name", "long"}, {"run", "sleep 1000"}}});
    auto program = start(run_arguments(file, {"--retries", "3"}));
    program.wait_for_errors("ok    ready");
    program.signal(SIGINT);
    EXPECT_EQ(program.finish().status, (exit_status{false, 2}));
    EXPECT_EQ(run_count(), 1u);
}

}  // namespace
}  // namespace qh::integration
