#include "replay/guest_prompts.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

class guest_prompts_test : public testing::Test {
  protected:
    /// Whether the line is taken for the prompt of the guest's shell.
    bool is_shell(std::string_view line, bool open = false) {
        const auto seen = prompts_.on_line(line, open);
        return seen && seen->proven &&
               (seen->prompt.kind == prompt_kind::shell || seen->prompt.kind == prompt_kind::plain);
    }

    guest_prompts prompts_;
};

TEST_F(guest_prompts_test, counts_nothing_before_the_guests_kernel) {
    EXPECT_FALSE(is_shell("root@guest:~# ls"));
    prompts_.on_milestone("opensbi");
    EXPECT_FALSE(is_shell("box# ", true));
    EXPECT_TRUE(is_shell("root@quiet:~# ")) << "of a quiet kernel";
    prompts_.on_milestone("kernel");
    EXPECT_TRUE(is_shell("box# ", true));
}

TEST_F(guest_prompts_test, knows_the_host_by_its_prompt_before_the_boot) {
    for (const char* line : {"ci@builder:~/qemu$ qemu-system-riscv64 -M virt", "$ make run"})
        EXPECT_FALSE(is_shell(line));
    prompts_.on_milestone("opensbi");
    prompts_.on_milestone("kernel");
    EXPECT_FALSE(is_shell("ci@builder:~/qemu$ "));
    EXPECT_FALSE(is_shell("ci@builder:/tmp$ ls"));
    EXPECT_FALSE(is_shell("$ ", true));
    EXPECT_TRUE(is_shell("root@guest:~# "));
}

TEST_F(guest_prompts_test, is_at_the_host_once_the_guest_is_down) {
    prompts_.on_milestone("kernel");
    prompts_.on_milestone("shutdown");
    EXPECT_FALSE(is_shell("ci@builder:~$ "));
}

TEST_F(guest_prompts_test, knows_a_guest_that_was_up_when_the_log_began) {
    EXPECT_FALSE(is_shell("root@guest:~# reboot"));
    prompts_.on_milestone("shutdown");
    prompts_.on_milestone("kernel");
    EXPECT_TRUE(is_shell("root@guest:~# "));
}

TEST_F(guest_prompts_test, takes_a_form_that_other_text_has_only_once_it_stood_alone) {
    prompts_.on_milestone("init");
    for (const char* line : {"# selftests: riscv/hwprobe: hwprobe", "# ", "# # ok 1", "host% x"})
        EXPECT_FALSE(is_shell(line)) << line;
    EXPECT_TRUE(is_shell("host% ")) << "alone";
    EXPECT_TRUE(is_shell("host% ls")) << "and so from then on";
    EXPECT_TRUE(is_shell("# ", true)) << "the console rests there";
}

TEST_F(guest_prompts_test, knows_buildroots_prompt_by_the_command_that_ends_the_session) {
    prompts_.on_milestone("init");
    EXPECT_FALSE(is_shell("# uname -a"));
    EXPECT_TRUE(is_shell("# poweroff"));
}

TEST_F(guest_prompts_test, tells_loaders_only_before_a_kernel) {
    prompts_.on_milestone("opensbi");
    EXPECT_EQ(prompts_.on_line("=> ", true)->prompt.kind, prompt_kind::loader);
    prompts_.on_milestone("kernel");
    EXPECT_FALSE(prompts_.on_line("=> ", true));
    EXPECT_EQ(prompts_.on_line("(initramfs) ", true)->prompt.kind, prompt_kind::rescue);
}

}  // namespace
}  // namespace qh
