#include "replay/log_text.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include "replay/log_source.hpp"
#include "replay/yaml_mapping.hpp"
#include "support/errors.hpp"
#include "support/splits.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

struct heard {
    std::string bytes, typed, times;
    log_format format;
    std::size_t unreadable;

    bool operator==(const heard&) const = default;
};

heard hear(const test::chunks& pieces) {
    heard all{};
    log_text text;
    const log_text::taker take = [&](const log_piece& piece) {
        (piece.typed ? all.typed : all.bytes) += piece.bytes;
        if (piece.seconds) all.times += fmt::format("{:.3f} ", *piece.seconds);
    };
    for (const auto& piece : pieces) text.feed(piece, take);
    text.finish(take);
    all.format = text.format();
    all.unreadable = text.unreadable();
    return all;
}

TEST(log_text_test, knows_each_format_however_it_is_cut) {
    const struct {
        std::string log;
        heard what;
    } cases[] = {
        {"", {"", "", "", log_format::text, 0}},
        {"[    0.000000] Linux\r\nno newline",
         {"[    0.000000] Linux\r\nno newline", "", "", log_format::text, 0}},
        {"{\"version\": 2, \"other\": 1}\n",
         {"{\"version\": 2, \"other\": 1}\n", "", "", log_format::text, 0}},
        {"{\"version\": 2, \"width\": 80, \"height\": 24}\n[0.5, \"o\", \"a\\r\\n\"]\n[1.5, \"i\", "
         "\"ls\"]\n[2, \"m\", \"x\"]\n[2.25, \"o\", \"\\u001b[1mb\"]\n",
         {"a\r\n\x1b[1mb", "ls", "0.500 1.500 2.250 ", log_format::asciicast, 0}},
        {"{\"version\": 3, \"term\": {\"cols\": 80, \"rows\": 24}}\n# note\n[0.5, \"o\", "
         "\"a\"]\n[0.25, "
         "\"r\", \"80x25\"]\n[1, \"o\", \"b\"]\n[1, \"o\"",
         {"ab", "", "0.500 1.750 ", log_format::asciicast, 1}},
        {"- {\"dt\": \"2026-11-02T09:53:55.168206\", \"lvl\": \"info\", \"msg\": \"start\"}\n"
         "- {\"dt\": \"2026-11-02T09:53:56.168206\", \"lvl\": \"target\", \"msg\": \"[    0.0] "
         "\\\"L\\\" \\e[0m\"}\n"
         "- {dt: '2026-11-02T09:53:58.668206', lvl: target, msg: 'it''s'}\n"
         "- {\"dt\": \"2026-11-02T09:53:59\", \"lvl\": \"results\", \"msg\": {\"case\": \"a}\", "
         "\"n\": [1]}}\nrubbish\n",
         {"[    0.0] \"L\" \x1b[0m\nit's\n", "", "0.000 2.500 ", log_format::lava, 1}},
    };
    for (const auto& c : cases)
        for (const auto& pieces : test::all_splits(c.log)) EXPECT_EQ(hear(pieces), c.what) << c.log;
}

TEST(log_text_test, reads_an_asciicast_of_version_1) {
    for (
        const std::string log :
        {R"({"version": 1, "width": 80, "height": 24, "duration": 3.0, "stdout": [[0.5, "a\r\n"], [1, "b"]]})",
         "{\n  \"version\": 1,\n  \"width\": 80,\n  \"stdout\": [\n    [0.5, \"a\\r\\n\"],\n    "
         "[1, "
         "\"b\"]\n  ]\n}\n"})
        for (const auto& pieces : test::all_splits(log))
            EXPECT_EQ(hear(pieces),
                      (heard{"a\r\nb", "", "0.500 1.500 ", log_format::asciicast, 0}));
    EXPECT_EQ(hear({R"({"version": 1, "width": 80, "stdout": [[0.5, "a"], [)"}).unreadable, 1u);
}

TEST(log_text_test, reads_lavas_other_levels_and_gives_back_the_escapes_it_dropped) {
    const std::string log =
        "- {dt: '2026-11-02T09:53:56', lvl: target, msg: '[01;32mroot@box[00m:~# [?2004hls [ OK "
        "]'}\n"
        "- {dt: '2026-11-02T09:53:57', lvl: feedback, ns: b, msg: 'from another'}\n"
        "- {dt: '2026-11-02T09:53:58', lvl: input, msg: \"ls\\n\"}\n"
        "- {dt: '2026-11-02T09:53:58', lvl: exception, msg: 'wait for prompt timed out'}\n"
        "- {dt: '2026-11-02T09:53:59', lvl: results, msg: {case: job, definition: lava, "
        "error_msg: 'wait for prompt timed out', error_type: Job, result: fail}}\n";
    const auto what = hear({log});
    EXPECT_EQ(what.bytes, "\x1b[01;32mroot@box\x1b[00m:~# \x1b[?2004hls [ OK ]\nfrom another\n");
    EXPECT_EQ(what.typed, "ls\n");
    log_text text;
    text.feed(log, [](const log_piece&) {});
    text.finish([](const log_piece&) {});
    const auto remarks = text.remarks();
    ASSERT_EQ(remarks.size(), 2u);
    EXPECT_FALSE(remarks[0].failed);
    EXPECT_EQ(remarks[1].text, "LAVA's job: fail: Job: wait for prompt timed out");
    EXPECT_TRUE(remarks[1].failed);
    EXPECT_EQ(remarks[1].seconds, 3.0);
}

TEST(log_text_test, reads_a_console_that_a_python_program_printed_as_a_literal) {
    const struct {
        std::string log, bytes;
    } cases[] = {
        {"before (last 100 chars): b'\\r\\nOpenSBI\\r\\n\\x1b[1mit\\'s\\\\n \\ "
         "_\\n\\n\\n\\n'\nafter\n",
         "before (last 100 chars): b\n\r\nOpenSBI\r\n\x1b[1mit's\\n \\ _\n\n\n\n\n\nafter\n"},
        {"x = \"a\\nb\\nc\\nd\\ne 'f' g\\n\"\n", "x = \na\nb\nc\nd\ne 'f' g\n\n\n"},
        {"b'a\\nb\\nc\\nd\\ne\\nf, cut", "b\na\nb\nc\nd\ne\nf, cut"},
    };
    for (const auto& c : cases)
        for (const auto& pieces : test::all_splits(c.log)) {
            const auto what = hear(pieces);
            EXPECT_EQ(what.bytes, c.bytes);
            EXPECT_EQ(what.format, log_format::literal);
        }
}

std::string column_of(const std::string& prefix, const std::vector<std::string>& lines) {
    std::string log;
    for (const auto& line : lines) log += prefix + line + "\n";
    return log;
}

TEST(log_text_test, takes_off_what_tools_put_before_lines_however_it_is_cut) {
    const struct {
        std::string log, bytes;
        double last_s;
    } cases[] = {
        {"OpenSBI v1.5\n[Thu Nov 26 09:00:00 2026] Linux version 6.1\n[Thu Nov 26 09:00:09 2026] "
         "Kernel panic\n",
         "OpenSBI v1.5\nLinux version 6.1\nKernel panic\n", 9},
        {"Nov 30 23:59:58 box kernel: [    0.000000] Linux\nNov 30 23:59:59 box kernel: b\nNov 30 "
         "23:59:59 box kernel: c\n"
         "Dec  1 00:00:03 box kernel: Oops [#1]\nno newline",
         "[    0.000000] Linux\nb\nc\nOops [#1]\nno newline", 5},
        {"2026-11-26T09:00:00,000001+00:00 Linux\r\n2026-11-26T09:01:00,500001+00:00 Oops\r\n",
         "Linux\r\nOops\r\n", 60.5},
        {"[    0.500000] box kernel: Linux\n[    1.000000] box kernel: b\n"
         "[    1.500000] box systemd[1]: Up\n[    2.000000] box kernel: Oops\n",
         "[    0.500000] Linux\n[    1.000000] b\n[    1.500000] systemd[1]: Up\n[    2.000000] "
         "Oops\n",
         -1},
        {"\xEF\xBB\xBF" + column_of("> ", {"OpenSBI v1.5", "", "  x"}), "OpenSBI v1.5\n\n  x\n",
         -1},
        {column_of("[    9.000000] ", {"OpenSBI v1.5", "[    0.000000] Linux", "[    0.100000] b",
                                       "[    0.200000] c", "Welcome"}),
         "OpenSBI v1.5\n[    0.000000] Linux\n[    0.100000] b\n[    0.200000] c\nWelcome\n", -1},
        {"SerialDriver(main) < a\xE2\x90\x8D\xE2\x90\xA4\nSerialDriver(main) < "
         "b\xE2\x90\x8D\xE2\x90\x8A\n"
         "SerialDriver(main) < ~ # \nSerialDriver(main) < ls\xE2\x90\x8D\xE2\x90\xA4\n" +
             column_of("SerialDriver(main) < ", {"c\xE2\x90\x8A", "d\xE2\x90\x8A",
                                                 "\xE2\x90\x9B[1me\xE2\x90\x8A", "f\xE2\x90\x8A"}),
         "a\r\nb\r\n~ # ls\r\nc\nd\n\x1b[1me\nf\n", -1},
    };
    for (const auto& c : cases)
        for (const auto& pieces : test::all_splits(c.log)) {
            const auto what = hear(pieces);
            EXPECT_EQ(what.bytes, c.bytes);
            EXPECT_THAT(what.times,
                        testing::EndsWith(c.last_s < 0 ? "" : fmt::format("{:.3f} ", c.last_s)));
        }
}

TEST(log_text_test, joins_what_gitlab_and_a_terminals_margin_have_parted) {
    std::string gitlab, wrapped;
    for (int i = 0; i < 12; ++i)
        gitlab += fmt::format("2024-05-07T12:34:{:02}.123456Z 00O line {}\n", i, i);
    gitlab += "2024-05-07T12:34:59.123456Z 00O+ goes on\n";
    EXPECT_THAT(hear({gitlab}).bytes, testing::EndsWith("10\n11 goes on\n"));

    const auto filled = [](std::string line) { return line + std::string(80 - line.size(), 'x'); };
    for (int i = 0; i < 4; ++i)
        wrapped +=
            filled(fmt::format("[    0.00000{}] Linux {}", i, i)) + "\nend\n[    1.000000] b\n";
    wrapped += filled("[    2.000000] full") + "\n[    3.000000] c\n";
    const auto joined = hear({wrapped}).bytes;
    EXPECT_THAT(joined, HasSubstr("xxxend\n[    1.000000] b\n"));
    EXPECT_THAT(joined, HasSubstr("xxx\n[    3.000000] c\n"));
}

TEST(log_text_test, leaves_a_bare_console_as_it_is) {
    std::string longest_alike;
    for (int i = 0; i < 20; ++i)
        longest_alike += fmt::format("[    0.{:06}] {}\r\n", i, std::string(100, 'a'));
    for (const std::string& log :
         {std::string("[Thu Xyz 26 09:00:00 2026] x\n"),
          std::string("Nov 26 09:00:00 box python: Kernel panic\n"),
          std::string("[    1.000000] Linux version\n"), std::string("\xEF\xBB"), longest_alike,
          std::string("a\nb\xE2\x90\x8A\n[0m\n"),
          test::random_bytes("ab[]0123456789:. \r\n", 200'000, 1)})
        EXPECT_EQ(hear({log}).bytes, log);
}

TEST(log_text_test, bounds_the_lines_of_formats_that_have_lines) {
    log_text text;
    std::string bytes;
    const log_text::taker take = [&](const log_piece& piece) { bytes += piece.bytes; };
    text.feed("{\"version\": 2, \"width\": 80}\n", take);
    const std::string endless(1u << 20, 'x');
    for (int i = 0; i < 40; ++i) text.feed(endless, take);
    text.feed("\n[1, \"o\", \"after\"]\n", take);
    text.finish(take);
    EXPECT_EQ(bytes, "after");
    EXPECT_EQ(text.unreadable(), 1u);
}

TEST(yaml_mapping_test, reads_yamls_and_jsons) {
    const struct {
        std::string text, key, value;
    } cases[] = {
        {R"({"a": "b"})", "a", "b"},
        {R"(- { a : b c , d: e })", "a", "b c"},
        {R"({a: [1, "]", {x: y}], b: 2})", "b", "2"},
        {R"({a: "\x41\u00e9\U0001F600\e\0\\\/\_"})", "a",
         std::string("A\xC3\xA9\xF0\x9F\x98\x80\x1b\0\\/\xC2\xA0", 13)},
        {R"({a: ''})", "a", ""},
        {"- {a: 'it''s', a: last}\n", "a", "last"},
    };
    for (const auto& c : cases) {
        const auto found = yaml_mapping(c.text);
        ASSERT_TRUE(found) << c.text;
        ASSERT_TRUE(found->contains(c.key)) << c.text;
        EXPECT_EQ(found->at(c.key), c.value);
    }
    EXPECT_FALSE(yaml_mapping("{a: [1], b: 2}")->contains("a"));
    const auto nested = yaml_mapping("{a: {b: c, d: [1], e: {f: g}}, h: i}");
    EXPECT_EQ(*nested, (std::map<std::string, std::string>{{"a.b", "c"}, {"h", "i"}}));
}

TEST(yaml_mapping_test, refuses_what_is_none) {
    for (const std::string text : {"",
                                   "-",
                                   "- ",
                                   "{",
                                   "{a",
                                   "{a:",
                                   "{a: b",
                                   "{a: \"b}",
                                   "{a: 'b}",
                                   "{a: [}",
                                   "{\"a\" \"b\"}",
                                   "{a: \"\\",
                                   "{a: \"\\xZZ\"}",
                                   "[1]",
                                   "- {a: b}\n- {c: d}",
                                   "- {a: b} c",
                                   "{[1]: 2}",
                                   "{a: *b, c: }}",
                                   "{a: \"\xff\"}",
                                   "{a: \"\x01\"}"})
        EXPECT_FALSE(yaml_mapping(text)) << text;
}

TEST(yaml_mapping_test, refuses_deep_nesting_before_it_costs_time) {
    // libyaml alone would be at this for minutes.
    EXPECT_FALSE(yaml_mapping("{a: " + std::string(1u << 20, '[')));
    EXPECT_FALSE(yaml_mapping(std::string(1u << 20, '{')));
    EXPECT_FALSE(yaml_mapping(std::string(1u << 20, '[')));
}

class log_source_test : public test::in_temporary_folder {
  protected:
    static std::string read(log_source& source) {
        std::string all;
        for (std::string_view block; source.next(block);) all += block;
        return all;
    }

    static std::string packed(const std::string& content, int (*filter)(archive*)) {
        std::string bytes(content.size() + 100'000, '\0');
        std::size_t size = 0;
        auto* const writer = archive_write_new();
        filter(writer);
        archive_write_set_format_raw(writer);
        archive_write_open_memory(writer, bytes.data(), bytes.size(), &size);
        auto* const entry = archive_entry_new();
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_write_header(writer, entry);
        archive_write_data(writer, content.data(), content.size());
        archive_write_close(writer);
        archive_entry_free(entry);
        archive_write_free(writer);
        bytes.resize(size);
        return bytes;
    }
};

TEST_F(log_source_test, unpacks_what_is_packed_and_nothing_else) {
    const std::string content = "one\r\ntwo\xff\n";
    const struct {
        const char* name;
        std::string bytes;
    } cases[] = {{"", content},
                 {"gzip", packed(content, archive_write_add_filter_gzip)},
                 {"zstd", packed(content, archive_write_add_filter_zstd)},
                 {"xz", packed(content, archive_write_add_filter_xz)}};
    for (const auto& c : cases) {
        log_source source(write("log", c.bytes));
        EXPECT_EQ(read(source), content) << c.name;
        EXPECT_EQ(source.packing(), c.name);
        EXPECT_EQ(source.problem(), "");
    }
    log_source empty(write("empty", ""));
    EXPECT_EQ(read(empty), "");
    EXPECT_EQ(empty.problem(), "");
}

TEST_F(log_source_test, gives_the_beginning_of_a_file_that_was_cut) {
    const auto content = test::random_bytes("abcdefgh\n", 300'000, 1);
    const auto whole = packed(content, archive_write_add_filter_gzip);
    log_source source(write("log.gz", std::string_view(whole).substr(0, whole.size() / 2)));
    const auto begin = read(source);
    EXPECT_GT(begin.size(), 10'000u);
    EXPECT_TRUE(content.starts_with(begin));
    EXPECT_THAT(source.problem(), HasSubstr("log.gz"));
}

TEST_F(log_source_test, without_a_file_is_the_callers_mistake) {
    EXPECT_TRUE(test::fails_with(fault::usage, [&] { log_source(folder() / "none"); }));
    EXPECT_TRUE(test::fails_with(fault::usage, [&] { log_source{folder()}; }));
}

}  // namespace
}  // namespace qh
