#include "scenario/text/keys.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

TEST(resolve_keys, sends_what_a_vt100_sends) {
    const struct {
        const char* text;
        std::string bytes;
    } cases[] = {
        {"", ""},
        {"ls<enter>", "ls\r"},
        {"<ctrl-c>", "\x03"},
        {"<ctrl-a><ctrl-z>", "\x01\x1a"},
        {"<tab><space><esc>", "\t \x1b"},
        {"<up><down><right><left>", "\x1b[A\x1b[B\x1b[C\x1b[D"},
        {"<home><end><delete><backspace>", "\x1b[H\x1b[F\x1b[3~\x7f"},
        {"<lt>enter<gt>", "<enter>"},
        {"cat <file >out<enter>", "cat <file >out\r"},
        {"a < b", "a < b"},
        {"<<enter>", "<\r"},
        {"<ctrl-C>", "<ctrl-C>"},
        {"<ctrl-1>", "<ctrl-1>"},
        {"<ctrl->", "<ctrl->"},
        {"<Enter>", "<Enter>"},
        {"<>", "<>"},
        {"<", "<"},
        {"cat <<EOF<enter>", "cat <<EOF\r"},
    };
    for (const auto& c : cases) EXPECT_EQ(resolve_keys(c.text), c.bytes) << c.text;
}

TEST(find_misspelt_key, tells_what_was_meant_as_a_key) {
    const struct {
        const char *text, *written, *meant;
    } cases[] = {
        {"ls<Enter>", "<Enter>", "<enter>"},
        {"ls<entr>", "<entr>", "<enter>"},
        {"<ESC>", "<ESC>", "<esc>"},
        {"<UP>", "<UP>", "<up>"},
        {"<escape>", "<escape>", "<esc>"},
        {"<Return>", "<Return>", "<enter>"},
        {"<ctrl-c><ctrl c>", "<ctrl c>", "<ctrl-c>"},
        {"<Ctrl-C>", "<Ctrl-C>", "<ctrl-c>"},
        {"<f13>", "<f13>", ""},
        {"<<entr>", "<entr>", "<enter>"},
    };
    for (const auto& c : cases) {
        const auto found = find_misspelt_key(c.text);
        ASSERT_TRUE(found) << c.text;
        EXPECT_EQ(found->written, c.written);
        EXPECT_EQ(found->meant, c.meant);
    }
    for (const auto* text : {"", "<enter><lt>Enter<gt>", "cat <file >out", "a < b > c", "<>",
                             "<ul>", "cat <<EOF<enter>", "<", "<title>", "cat <in >out"})
        EXPECT_FALSE(find_misspelt_key(text)) << text;
}

}  // namespace
}  // namespace qh
