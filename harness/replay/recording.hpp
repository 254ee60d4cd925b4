// A run's record, as far as it can be read: what a replay needs to know before it begins.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/journal.hpp"

namespace qh {

/// A step as the recording tells of its end.
struct recorded_step {
    std::string name;
    step_outcome outcome;
    std::string reason;
};

struct recording {
    std::filesystem::path folder;
    std::optional<events::run_started> run;
    std::optional<events::verdict> verdict;
    std::vector<recorded_step> steps;
    /// What was typed into the guest by steps, in one.
    std::string typed_console, typed_channel;
    /// Bytes that a mask held back, by the line of the event that they had come with.
    std::map<std::size_t, std::string> held_back;
    /// How many of an event's bytes had come before it, by its line.
    std::map<std::size_t, std::size_t> came_before;
    double seconds = 0;  ///< from the first event to the last
    std::uint64_t console_bytes = 0;
    bool finished = false;  ///< whether the journal comes to its end
    /// The first line that is not as it was written, or behind which not all was written; none:
    /// the journal is whole up to its last line.
    std::optional<std::size_t> whole_until;
    /// What the journal lacks and what is wrong with it, for a person.
    std::vector<std::string> notes;

    std::filesystem::path journal() const { return folder / "journal.jsonl"; }

    /// Why no engine can be told what this recording holds; empty where one can.
    std::string unfit() const;

    /// As `journal_version`; 1 where it says none.
    int journal_format() const;

    /// Whether texts were masked, so that what was typed may be cut otherwise.
    bool masked() const;
};

/// Gives a stream's entry the bytes that came with it, where a mask has held them back.
void restore_bytes(const recording& recorded, journal_entry& entry);

/// Looks the record in `folder` through. Throws a usage error where it has no journal.
recording read_recording(const std::filesystem::path& folder);

}  // namespace qh
