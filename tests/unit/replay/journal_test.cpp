#include "replay/journal.hpp"

#include <gmock/gmock.h>

#include <random>

#include "replay/recording_fixture.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class journal_test : public test::in_temporary_folder {
  protected:
    /// "type" of each entry, and "LINE: what" of each damage.
    void read(std::string_view text) {
        journal_reader reader(write("journal.jsonl", text));
        types_.clear();
        damage_.clear();
        while (const auto entry = reader.next()) {
            types_.push_back(type_of(entry->told.what));
            last_ = *entry;
        }
        for (const auto& one : reader.damage())
            damage_.push_back(fmt::format("{}: {}", one.line, one.what));
    }

    std::vector<std::string> types_, damage_;
    journal_entry last_;
};

TEST_F(journal_test, gives_entries_with_times_exact_to_the_nanosecond_and_bytes_as_they_were) {
    read("{\"t\":12345.678901234,\"type\":\"console_out\",\"base64\":\"/wAb\"}\n");
    EXPECT_EQ(last_.told.when - journal_epoch, std::chrono::nanoseconds(12345678901234));
    EXPECT_EQ(std::get<events::console_out>(last_.told.what).bytes, std::string("\xff\0\x1b", 3));
    EXPECT_EQ(last_.line, 1u);
}

TEST_F(journal_test, passes_over_what_is_no_event_and_says_where) {
    read(
        "{\"t\":0,\"type\":\"tick\"}\n\n[1]\n{\"t\":\"x\",\"type\":\"b\"}\n{\"t\":1e300,\"type\":"
        "\"b\"}\n"
        "{\"type\":\"b\"}\n{\"t\":0,\"type\":\"console_out\"}\n\xff\n{\"t\":1,\"type\":\"judging\"}"
        "\n");
    EXPECT_THAT(types_, ElementsAre("tick", "judging"));
    EXPECT_THAT(
        damage_,
        ElementsAre("2: no event: it is no JSON", "3: no event: it has no time",
                    "4: no event: it has no time", "5: no event: it has no time",
                    "6: no event: it has no time",
                    "7: no event: console_out has no \"text\" or \"base64\" of the right kind",
                    "8: no event: it is no JSON"));
    EXPECT_EQ(last_.line, 9u);
}

TEST_F(journal_test, tells_a_torn_last_line_from_a_whole_one) {
    read("{\"t\":0,\"type\":\"tick\"}\n{\"t\":1,\"ty");
    EXPECT_THAT(types_, ElementsAre("tick"));
    EXPECT_THAT(damage_, ElementsAre("2: torn off"));
    read("{\"t\":0,\"type\":\"tick\"}\n{\"t\":1,\"type\":\"stopping\"}");
    EXPECT_THAT(types_, ElementsAre("tick", "stopping"));
    EXPECT_THAT(damage_, IsEmpty());
}

TEST_F(journal_test, bounds_lines_and_nesting) {
    read("{\"t\":0,\"type\":\"tick\",\"x\":" + std::string(100'000, '[') +
         "\n{\"t\":0,\"type\":\"" + std::string(17u << 20, 'x') +
         "\"}\n{\"t\":1,\"type\":\"stopping\"}\n");
    EXPECT_THAT(types_, ElementsAre("stopping"));
    EXPECT_THAT(damage_, ElementsAre("1: no event: it is no JSON", "2: longer than any event"));
}

TEST_F(journal_test, without_a_file_is_the_callers_mistake) {
    EXPECT_TRUE(test::fails_with(fault::usage, [&] { journal_reader(folder() / "none"); }));
}

class damaged_recording : public test::recording_fixture {
  protected:
    std::filesystem::path record_run() {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "one", "run": "true"},
                {"name": "two", "run": "true"}, {"name": "off", "poweroff": true})");
        answers_ = {{"1\n"}, {"2\n"}, {{}, 0, power_off()}};
        boot();
        return play_recorded();
    }
};

TEST_F(damaged_recording, cut_anywhere_is_replayed_up_to_there_without_a_difference) {
    const auto folder = record_run();
    const auto whole = journal();
    std::size_t replayable = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        SCOPED_TRACE(i);
        replace_journal(std::string_view(whole).substr(0, i * whole.size() / 100));
        const auto recorded = read_recording(folder);
        EXPECT_FALSE(recorded.finished);
        EXPECT_THAT(recorded.notes.back(), HasSubstr("before the run did"));
        if (!recorded.unfit().empty()) continue;
        ++replayable;
        const auto replayed = replay(folder);
        EXPECT_FALSE(replayed.difference);
        EXPECT_TRUE(replayed.outcome || !recorded.verdict);
        EXPECT_EQ(replayed.seconds, recorded.seconds);
    }
    // Where the first line is torn, nothing tells what was run.
    EXPECT_GT(replayable, 90u);
}

TEST_F(damaged_recording, is_compared_up_to_the_damage) {
    const auto folder = record_run();
    auto text = journal();
    const auto at = text.find("\"type\":\"step_finished\"");
    text[at] = 'x';
    replace_journal(text);
    const auto recorded = read_recording(folder);
    ASSERT_TRUE(recorded.whole_until);
    EXPECT_THAT(recorded.notes, ElementsAre(HasSubstr("is no event")));
    const auto replayed = replay(folder);
    EXPECT_FALSE(replayed.difference);
    EXPECT_EQ(replayed.compared_until, recorded.whole_until);
    EXPECT_EQ(replayed.outcome, run_outcome::passed);
}

TEST_F(damaged_recording, of_a_log_that_was_cut_is_told_as_recorded_behind_the_cut) {
    longest_log_ = 200;
    const auto folder = record_run();
    const auto recorded = read_recording(folder);
    ASSERT_TRUE(recorded.whole_until);
    EXPECT_THAT(recorded.notes, Contains(HasSubstr("is recorded up to")));
    const auto replayed = replay(folder);
    EXPECT_FALSE(replayed.difference);
    EXPECT_EQ(replayed.compared_until, recorded.whole_until);
    EXPECT_EQ(replayed.outcome, run_outcome::passed);
    std::vector<std::string> steps;
    for (const auto& told : heard_)
        if (const auto* step = std::get_if<events::step_finished>(&told.what))
            steps.push_back(fmt::format("{} {}", step->name, name_of(step->outcome)));
    EXPECT_THAT(steps, ElementsAre("boot passed", "one passed", "two passed", "off passed"));
}

TEST_F(damaged_recording, says_what_it_is_unfit_for) {
    const auto folder = record_run();
    const auto whole = journal();
    const struct {
        std::string from, to, why;
    } cases[] = {
        {"\"journal\":4", "\"journal\":9", "a later format (9"},
        {"\"journal\":4", "\"journal\":\"x\"", "does not say how the run began"},
        {"\"journal\":4,", "", "the older format 1"},
        {"run_started", "run_begun", "does not say how the run began"},
        {"\"replay\":{", "\"replay\":{\"interactive\":true,", "a person had the console"},
    };
    for (const auto& c : cases) {
        auto text = whole;
        text.replace(text.find(c.from), c.from.size(), c.to);
        replace_journal(text);
        EXPECT_THAT(read_recording(folder).unfit(), HasSubstr(c.why));
    }
}

TEST_F(damaged_recording, with_hostile_values_is_an_error_or_told) {
    const auto folder = record_run();
    const auto whole = journal();
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
        auto text = whole;
        for (int change = 0; change < 3; ++change) {
            constexpr std::string_view bytes = "09{}[]\",:xe-";
            text[random() % text.size()] = bytes[random() % bytes.size()];
        }
        replace_journal(text);
        const auto recorded = read_recording(folder);
        if (!recorded.unfit().empty()) continue;
        try {
            replay_exactly(recorded, restore_scenario(folder, *recorded.run), [](const event&) {});
        } catch (const json::exception&) {  // run_started itself
        }
    }
}

}  // namespace
}  // namespace qh
