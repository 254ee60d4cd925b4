// Which machines there cannot be, and which only did not come up this time.
#include "matrix/machine_check.hpp"

#include <gmock/gmock.h>

#include "support/fake_programs.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

class machine_check : public test::with_fake_programs {
  protected:
    machine_answer check(const std::string& qemu) {
        machine_spec spec;
        spec.qemu = qemu;
        spec.kernel = write("kernel", "no kernel");
        return check_machines({spec}, 1).at(0);
    }
    /// The answer of a QEMU that is this script.
    machine_answer check_script(const std::string& script) {
        return check(program("qemu", script).string());
    }
};

TEST_F(machine_check, what_qemu_ends_itself_for_is_a_refusal_in_its_words) {
    EXPECT_THAT(check_script("echo 'no such board' >&2; exit 1").refusal,
                HasSubstr("exited with status 1 before the guest began:\nno such board"));
    EXPECT_THAT(check("no-such-qemu").refusal, HasSubstr("no-such-qemu is not installed"));
}

TEST_F(machine_check, what_befalls_qemu_is_told_and_is_no_refusal) {
    for (const auto* script : {"echo 'a warning' >&2; kill -9 $$", "exit 1"}) {
        const auto answer = check_script(script);
        EXPECT_EQ(answer.refusal, "") << script;
        EXPECT_THAT(answer.warnings, HasSubstr("before the guest began"));
    }
}

}  // namespace
}  // namespace qh
