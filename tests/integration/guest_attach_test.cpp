// A real guest that failed, in a person's hands.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "terminal_program.hpp"
#include "test_paths.hpp"
#include "unix_peer.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class guest_attach : public guest_test {
  protected:
    /// What stands behind the last `label` on a line of the terminal.
    static std::string told(const terminal_program& terminal, const std::string& label) {
        const auto at = terminal.seen().rfind(label) + label.size();
        return terminal.seen().substr(at, terminal.seen().find_first_of("\x1b'\r\n", at) - at);
    }
};

TEST_F(guest_attach, gdb_and_qmp_reach_it_and_its_steps_run_again) {
    const auto mending = scenario({boot_step(),
                                   {{"name", "mended"}, {"run", "cat /tmp/mended"}},
                                   {{"name", "behind"}, {"run", "echo 4$((1+1))"}}});
    terminal_program terminal({QHARNESS_PROGRAM, "run", mending, "--image", "tiny", "--out", "runs",
                               "--attach-on-failure"},
                              folder(), variables);
    terminal.wait_for("failed: step \"mended\": exit status 1");
    terminal.wait_for("  qmp: ");
    terminal.wait_for("\n");
    const unix_peer stub(told(terminal, "target remote "));
    EXPECT_THAT(registers_from(stub), StartsWith("0000000000000000"));
    const unix_peer qmp(told(terminal, "  qmp: "));
    qmp.ask("{\"execute\": \"qmp_capabilities\"}\n", "\"return\": \\{\\}");
    const std::string_view is_running = "{\"execute\": \"query-status\"}\n";
    EXPECT_THAT(qmp.ask(is_running, "\"running\": .*\n"), HasSubstr("\"running\": false"));
    stub.ask("$D#44", "OK");
    EXPECT_THAT(qmp.ask(is_running, "\"running\": .*\n"), HasSubstr("\"running\": true"));
    terminal.type("echo yes > /tmp/mended; echo done-$((6*7))\r");
    terminal.wait_for("done-42");
    terminal.type("\x1e");
    terminal.wait_for("run again: passed");
    terminal.type("\x1d");
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
    EXPECT_TRUE(wait_until_gone(recorded().event("machine_started")["pid"]));
}

}  // namespace
}  // namespace qh::integration
