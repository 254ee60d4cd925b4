// Consoles of guests that nobody here wrote: their prompts, logins and rescue shells.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* firmware = "\r\nOpenSBI v1.5.1\r\nPlatform Name : riscv-virtio,qemu\r\n";
constexpr const char* kernel =
    "[    0.000000] Linux version 6.6.30-probe (ci@builder) #1 SMP\r\n"
    "[    1.140000] Run /sbin/init as init process\r\n";

class foreign_console : public fake_qemu_test {
  protected:
    static json shell(const std::string& prompt) { return {{"shell", {{"PS1", prompt}}}}; }
    static json wait_for(const std::string& regex) { return {{"wait_for", regex}}; }

    recorded_run run_steps(json first) const {
        std::filesystem::remove_all(folder() / "runs");
        if (!first.contains("timeout")) first["timeout"] = "12s";
        return run(scenario({std::move(first), {{"run", "echo $((6*7))"}, {"match", "^42$"}}}));
    }

    static std::string typed(const recorded_run& run) {
        std::string all;
        for (const auto& event : run.journal)
            if (event["type"] == "console_in") all += event.value("text", "");
        return all;
    }
};

TEST_F(foreign_console, a_rescue_shell_is_not_the_guests_shell) {
    const struct {
        const char *words, *prompt, *reason;
    } cases[] = {
        {"ALERT!  /dev/vda1 does not exist.  Dropping to a shell!\r\n\r\n", "(initramfs) ",
         "/dev/vda1 does not exist"},
        {"Warning: /dev/disk/by-label/root does not exist\r\n"
         "Entering emergency mode. Exit the shell to continue.\r\n",
         "dracut:/# ", "does not exist"},
        {"[DEPEND] Dependency failed for Local File Systems.\r\n"
         "You are in emergency mode. After logging in, type\r\n"
         "Press Enter for maintenance\r\n(or press Control-D to continue): ",
         "", "Dependency failed for Local File Systems"},
    };
    for (const auto& c : cases) {
        play_guest({print(std::string(firmware) + kernel + c.words), shell(c.prompt)});
        const auto run = run_steps(boot_step());
        EXPECT_EQ(run.end.status, (exit_status{false, 1}));
        EXPECT_EQ(run.result["outcome"], "failed");
        EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr(c.reason));
        EXPECT_EQ(typed(run), "") << c.prompt;
    }
}

TEST_F(foreign_console, a_loader_is_neither_kernel_nor_init) {
    play_guest({print(std::string(firmware) + "Welcome to GRUB!\r\n")});
    for (const auto* stage : {"kernel", "init"})
        EXPECT_NE(run_steps({{"boot", stage}, {"timeout", "4s"}}).end.status,
                  (exit_status{false, 0}))
            << stage;
}

TEST_F(foreign_console, a_login_is_found_behind_what_others_write) {
    play_guest({print(std::string(firmware) + kernel +
                      "buildroot login: [   29.601578] net: link is up\r\nservices are up\r\n"),
                wait_for("\r"), print("\r\nbuildroot login: "), wait_for("root\r"),
                print("root\r\n"), shell("# ")});
    const auto run = this->run(scenario(
        {{{"boot", "login"}}, {{"login", "root"}}, {{"run", "echo $((6*7))"}, {"match", "^42$"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
}

TEST_F(foreign_console, an_automatic_login_asks_for_none) {
    play_guest({print(std::string(firmware) + kernel +
                      "host login: root (automatic login)\r\n\r\nLast login: Tue on ttyS0\r\n"),
                shell("root@host:~# ")});
    const auto run = run_steps({{"boot", "login"}});
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                HasSubstr("it answers Enter with \"root@host:~#\", so a shell is there"));
}

TEST_F(foreign_console, a_prompt_may_look_like_anything) {
    for (const std::string prompt : {"probe> ", "\u276f ", "[what] now? "}) {
        play_guest({print(std::string(firmware) + kernel), shell(prompt)});
        EXPECT_EQ(run_steps(boot_step()).end.status, (exit_status{false, 0})) << prompt;
    }
}

TEST_F(foreign_console, nothing_is_typed_at_progress) {
    play_guest({print(std::string(firmware) + "Loading: ########"),
                print("\r\ndone\r\n"),
                print(std::string(kernel) + "rootfs: fsck 45.2%"),
                {{"stay", true}}});
    const auto run = run_steps({{"boot", "shell"}});
    EXPECT_THAT(typed(run), Not(HasSubstr("stty")));
}

TEST_F(foreign_console, a_panic_joined_to_another_line_never_passes) {
    play_guest({print(std::string(firmware) +
                      "[    1.140000] Run /sbin/init as init process[   20.100000] Kernel panic - "
                      "not syncing: Attempted to kill init! exitcode=0x0000000b\r\n"),
                shell("# ")});
    const auto run = run_steps(boot_step());
    EXPECT_EQ(run.result["outcome"], "crashed");
}

}  // namespace
}  // namespace qh::integration
