// Runs on a played guest, recorded as `qharness run` records them.
#pragma once

#include "record/run_directory.hpp"
#include "record/scenario_record.hpp"
#include "replay/exact_replay.hpp"
#include "run/engine_fixture.hpp"
#include "run/live/random_words.hpp"
#include "scenario/machine_fields.hpp"

namespace qh::test {

class recording_fixture : public engine_fixture {
  protected:
    static constexpr std::uint64_t seed = 7;

    /// Plays the loaded scenario, records it, and returns the run's folder.
    std::filesystem::path play_recorded() {
        mask_.emplace(scenario_.secrets);
        directory_.emplace(folder() / "runs", "s", longest_log_);
        record_scenario(scenario_, *mask_, *directory_);
        events::run_started begin;
        begin.qharness = "test";
        begin.journal = journal_version;
        begin.seed = seed;
        begin.replay = how_to_replay();
        begin.scenario = {{"name", "s"}};
        begin.machine = describe_machine(scenario_.machine, machine_record::result);
        record({now_, begin});
        words_ = random_words(seed);
        verdict_ = play();
        for (const auto& rest : mask_->finish(now_)) directory_->record(rest);
        record({now_, events::run_finished{json::object()}});
        return directory_->path();
    }

    json how_to_replay() const {
        auto how = describe_for_replay(scenario_, multiplier_, *mask_);
        how["programs"] = to_json(programs_);
        return how;
    }

    replay_outcome replay(const std::filesystem::path& folder) {
        const auto recorded = read_recording(folder);
        EXPECT_EQ(recorded.unfit(), "");
        return replay_exactly(recorded, restore_scenario(folder, recorded.run.value()),
                              [this](const event& e) { heard_.push_back(e); });
    }

    std::string journal() const { return read_file(directory_->path() / "journal.jsonl"); }
    void replace_journal(std::string_view text) const {
        write_file_atomically(directory_->path() / "journal.jsonl", text);
    }

    void record(const event& what) override { directory_->record(mask_->mask(what)); }

    std::size_t longest_log_ = run_directory::longest_log;
    std::vector<event> heard_;
    verdict verdict_{};

  private:
    std::optional<run_directory> directory_;
    std::optional<secret_mask> mask_;
};

}  // namespace qh::test
