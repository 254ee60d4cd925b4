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

TEST(log_text_test, takes_a_wall_clocks_stamps_off_however_it_is_cut) {
    const struct {
        std::string log, bytes;
        double last_s;
    } cases[] = {
        {"OpenSBI v1.5\n[Thu Nov 26 09:00:00 2026] Linux version 6.1\n[Thu Nov 26 09:00:09 2026] "
         "Kernel panic\n",
         "OpenSBI v1.5\nLinux version 6.1\nKernel panic\n", 9},
        {"Nov 30 23:59:58 box kernel: [    0.000000] Linux\nNov 30 23:59:59 box systemd[1]: Up\n"
         "Dec  1 00:00:03 box kernel: Oops [#1]\nno newline",
         "[    0.000000] Linux\nNov 30 23:59:59 box systemd[1]: Up\nOops [#1]\nno newline", 5},
        {"2026-11-26T09:00:00,000001+00:00 Linux\n2026-11-26T09:01:00,123456+00:00 Oops\n",
         "Linux\nOops\n", 60},
        {"2026-11-26T09:00:00.123456+01:00 box kernel: Linux\n", "Linux\n", 0},
    };
    for (const auto& c : cases)
        for (const auto& pieces : test::all_splits(c.log)) {
            const auto what = hear(pieces);
            EXPECT_EQ(what.bytes, c.bytes);
            EXPECT_THAT(what.times, testing::EndsWith(fmt::format("{:.3f} ", c.last_s)))
                << what.times;
        }
}

TEST(log_text_test, leaves_what_only_looks_like_a_stamp) {
    for (const std::string line :
         {"[Thu Xyz 26 09:00:00 2026] x\n", "Nov 26 09:00:00 box python: Kernel panic\n",
          "2026-11-26 09:00:00.123 [    1.000000] Linux\n", "[    1.000000] Linux version\n"})
        EXPECT_EQ(hear({line}).bytes, line);
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
