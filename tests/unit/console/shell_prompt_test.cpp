#include "console/shell_prompt.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

std::optional<prompt_kind> kind_of(std::string_view line) {
    const auto prompt = prompt_at_start(line);
    return prompt ? std::optional(prompt->kind) : std::nullopt;
}

TEST(shell_prompt_test, knows_the_prompts_of_all_kinds_of_shells) {
    for (const char* prompt :
         {"root@host:~# ",
          "ubuntu@ubuntu:~$ ",
          "[root@fedora ~]# ",
          "[user@fedora src]$ ",
          "[root@nixos:~]# ",
          "[root@milkv-duo]~# ",
          "root@archriscv ~ # ",
          "root@grml / # ",
          "user@alpine ~> ",
          "user@host:~/src (main)$ ",
          "user@host ~/src git:(main) ✗ ❯ ",
          "(trixie)root@host:/# ",
          "(venv) root@host:~# ",
          "[12:01:33] root@host:~# ",
          "12:01 root@host:~# ",
          "root@(none):/# ",
          "bob@host:/home/user% ",
          "root@very-long-host-name-of-a-board-in-the-lab-rack-07-shelf-03:/opt/projects/"
          "something/deeper/and/deeper# ",
          "~ # ",
          "/ # ",
          "/usr/bin # ",
          "~ $ ",
          "box:~# ",
          "(none):/# ",
          "bash-5.2# ",
          "sh-5.1$ ",
          "-sh-4.4# "})
        EXPECT_EQ(kind_of(prompt), prompt_kind::shell) << prompt;
    for (const char* prompt : {"# ", "$ ", "% ", "> ", "❯ ", "➜  ~ ", "➜  src git:(main) ✗ ",
                               "archriscv# ", "host% ", "sh# ", "localhost ~ # ", "localhost / # "})
        EXPECT_EQ(kind_of(prompt), prompt_kind::plain) << prompt;
}

TEST(shell_prompt_test, tells_rescue_shells_and_loaders_from_the_guests) {
    for (const char* prompt : {"(initramfs) ", "dracut:/# ", "switch_root:/# ", "pre-mount:/etc# ",
                               "[rootfs ]# ", "[rootfs /]# ", "rescueshell / # "})
        EXPECT_EQ(kind_of(prompt), prompt_kind::rescue) << prompt;
    for (const char* prompt : {"grub> ", "grub rescue> ", "=> ", "U-Boot> ", "Shell> ", "FS0:\\> ",
                               "FS0:\\EFI\\BOOT\\> "})
        EXPECT_EQ(kind_of(prompt), prompt_kind::loader) << prompt;
    for (const char* prompt :
         {"Give root password for maintenance", "Press Enter for maintenance",
          "(or press Control-D to continue): ",
          "Give root password for maintenance (or type Control-D to continue): "})
        EXPECT_EQ(kind_of(prompt), prompt_kind::maintenance) << prompt;
}

TEST(shell_prompt_test, takes_no_other_text_for_a_prompt) {
    for (const char* line : {"",
                             "#",
                             "##",
                             "Loading: ####",
                             "Loading: #",
                             "fsck 45.2%",
                             "45.2% ",
                             "disk1% ",
                             " 12% [###   ]",
                             "/dev/vda1: clean, 12/64 files",
                             "/usr/bin/x: a # b c",
                             "price: 5 $ each",
                             "a line # of words",
                             "[    0.000000] # x",
                             "root@host",
                             "ci@builder: it costs 5$",
                             "<root@host> ",
                             "-> ",
                             "#!/bin/sh",
                             "$HOME",
                             "total 5# "}) {
        const auto prompt = prompt_at_start(line);
        EXPECT_FALSE(prompt && line != std::string_view("#")) << line;
    }
}

TEST(shell_prompt_test, parts_the_prompt_from_what_was_typed) {
    const auto prompt = prompt_at_start("root@host:~# ls -l # all");
    ASSERT_TRUE(prompt);
    EXPECT_EQ(prompt->length, std::string_view("root@host:~# ").size());
    EXPECT_FALSE(is_prompt_alone("root@host:~# ls"));
    EXPECT_TRUE(is_prompt_alone("root@host:~# "));
}

TEST(shell_prompt_test, has_one_form_wherever_the_shell_is) {
    const struct {
        const char *one, *other;
    } same[] = {{"root@probe:~# ", "root@probe:/opt/probe# "},
                {"[root@probe ~]# ", "[root@probe probe]# "},
                {"[12:01:33] root@host:~# ", "[12:01:35] root@host:/# "},
                {"~ # ", "/opt # "},
                {"user@host ~/a git:(main) ❯ ", "user@host ~/b git:(fix) ✗ ❯ "}};
    for (const auto& c : same)
        EXPECT_EQ(prompt_at_start(c.one)->form, prompt_at_start(c.other)->form) << c.one;
    EXPECT_NE(prompt_at_start("root@host:~# ")->form, prompt_at_start("user@host:~$ ")->form);
    EXPECT_NE(prompt_at_start("one# ")->form, prompt_at_start("two# ")->form);
}

TEST(shell_prompt_test, knows_who_asks_for_a_login) {
    for (const char* line : {"login: ", "debian login:", "debian login: ", "(none) login: "})
        EXPECT_TRUE(asks_for_login(line)) << line;
    for (const char* line : {"Last login: ", "Last login: Tue Mar  5 10:11:12 UTC 2024 on ttyS0",
                             "Last failed login: ", "relogin: ", "login: root", ""})
        EXPECT_FALSE(asks_for_login(line)) << line;
}

TEST(shell_prompt_test, takes_hostile_lines) {
    EXPECT_FALSE(prompt_at_start(std::string(1u << 20, '(')));
    EXPECT_FALSE(prompt_at_start("root@\xff\xfe:~# "));
    EXPECT_FALSE(prompt_at_start(std::string(1000, 'a') + "# "));
}

}  // namespace
}  // namespace qh
