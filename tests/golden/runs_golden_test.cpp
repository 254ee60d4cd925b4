// Journals of earlier programs: each run is told again, event for event.
#include <gtest/gtest.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/files.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"
#include "record/scenario_record.hpp"
#include "replay/exact_replay.hpp"
#include "run/events/event_json.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> run_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(GOLDEN_RUNS))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

std::string text_of(const replay_outcome& replayed) {
    if (!replayed.difference) return "";
    const auto& [line, seconds, expected, got] = *replayed.difference;
    return fmt::format("journal line {}\nrecorded: {}\nnow:      {}", line, dump(expected),
                       dump(got));
}

replay_outcome replay(const recording& recorded) {
    return replay_exactly(recorded, restore_scenario(recorded.folder, recorded.run.value()),
                          [](const event&) {});
}

/// Writes what is told now into the journal.
void take_over(const fs::path& journal, const replay_difference& difference) {
    const auto text = read_file(journal);
    const auto number = difference.line - 1;
    auto lines = split_lines(text);
    const auto at = lines.begin() + static_cast<std::ptrdiff_t>(number);
    const auto told = dump(difference.got);
    if (difference.expected.is_null())
        lines.insert(at, told);
    else if (difference.got.is_null())
        lines.erase(at);
    else
        *at = told;
    write_file_atomically(journal, fmt::format("{}\n", fmt::join(lines, "\n")));
}

class recorded_runs : public testing::TestWithParam<std::string> {};

TEST_P(recorded_runs, are_told_again_event_for_event) {
    auto recorded = read_recording(fs::path(GOLDEN_RUNS) / GetParam());
    ASSERT_EQ(recorded.unfit(), "");
    auto replayed = replay(recorded);
    while (std::getenv("QHARNESS_UPDATE_GOLDEN") && replayed.difference) {
        take_over(recorded.journal(), *replayed.difference);
        recorded = read_recording(recorded.folder);
        replayed = replay(recorded);
    }
    EXPECT_EQ(text_of(replayed), "");
    EXPECT_GT(replayed.events, 0u);
    EXPECT_FALSE(replayed.compared_until);
    if (!recorded.finished) return;
    ASSERT_TRUE(replayed.outcome);
    EXPECT_EQ(*replayed.outcome, recorded.verdict->outcome);
}

TEST_P(recorded_runs, fit_the_journals_schema) {
    using adapter = valijson::adapters::NlohmannJsonAdapter;
    const auto form =
        json_document::load(data_directory() / "scenarios/schema/journal.schema.json").root();
    valijson::Schema schema;
    valijson::SchemaParser().populateSchema(adapter(form), schema);
    const auto journal = read_file(fs::path(GOLDEN_RUNS) / GetParam() / "journal.jsonl");
    for (const auto line : split_lines(journal)) {
        valijson::ValidationResults mistakes;
        if (valijson::Validator().validate(schema, adapter(json::parse(line)), &mistakes)) continue;
        for (const auto& mistake : mistakes)
            ADD_FAILURE() << line.substr(0, 200) << "\n" << mistake.description;
    }
}

TEST_P(recorded_runs, keep_each_member_of_their_events) {
    const auto journal = read_file(fs::path(GOLDEN_RUNS) / GetParam() / "journal.jsonl");
    for (const auto line : split_lines(journal)) {
        const auto recorded = json::parse(line);
        auto written = to_json(event_from_json(recorded));
        written["t"] = recorded["t"];
        EXPECT_EQ(written, recorded);
    }
}

INSTANTIATE_TEST_SUITE_P(all, recorded_runs, testing::ValuesIn(run_names()),
                         [](const auto& instance) {
                             auto name = instance.param;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == '-' || c == '.'; }, '_');
                             return name;
                         });

}  // namespace
}  // namespace qh
