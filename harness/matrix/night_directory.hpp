// A night's folder: what was to be run, what has been, and the runs themselves.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "matrix/cell_outcome.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// `<parent>/<UTC time>-<matrix>-<short id>/` with
/// - night.json: the plan, written once; `cells` has all that is needed to run them;
/// - night.jsonl: what happened, one event a line, each with one write: valid up to its last line
///   whatever kills us. Types: attempt_started, attempt_finished, slurm_batch, night_resumed,
///   night_stopped, night_finished;
/// - cells/<digest>/attempt-N/: a run directory, and attempt-N.log: what `qharness run` said;
/// - result.json: all of it together (night_result.hpp), made anew from the others at any time.
class night_directory {
  public:
    /// Makes the folder with its plan. Throws an infrastructure error that names `--out`.
    static night_directory make(const std::filesystem::path& parent, json plan);

    /// An existing one, to go on with; no other process can do so until the object goes. Throws a
    /// usage error where it is none or where another process is at it.
    static night_directory reopen(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return path_; }
    const json& plan() const { return plan_; }

    /// Appends an event with the time of day.
    void record(const std::string& type, json data);

    /// Where an attempt's run directory goes, and what its process says; makes the folder.
    std::filesystem::path attempt_folder(const std::string& cell, std::size_t attempt) const;
    std::filesystem::path attempt_log(const std::string& cell, std::size_t attempt) const;

    void write_result(const night_result& result) const;

  private:
    night_directory(std::filesystem::path path, json plan);

    std::filesystem::path path_;
    json plan_;
    unique_fd journal_;  ///< locked
};

/// What a night's journal has of each cell.
struct cell_progress {
    std::vector<cell_attempt> attempts;  ///< those that ended and were not interrupted
    std::size_t started = 0;             ///< attempts, those that were cut short too
    std::size_t open = 0;  ///< the attempt that began and of whose end nothing is known
};

/// Gives `use` each event in a night's journal. A last line that a kill has cut is passed over.
/// Throws a usage error where an event's members have other types than `use` expects.
void for_each_event(const std::filesystem::path& night,
                    const std::function<void(const json&)>& use);

/// The events of a type in a night's journal.
std::vector<json> read_events(const std::filesystem::path& night, const std::string& type);

/// By the cell's name.
std::map<std::string, cell_progress> read_progress(const std::filesystem::path& night);

/// A JSON file of ours. Throws a usage error where it is none.
json read_json_file(const std::filesystem::path& file);

/// The night's plan. Throws a usage error where the folder is none of a night.
json read_plan(const std::filesystem::path& night);

/// The newest night of this matrix in `parent`; an empty path where there is none.
std::filesystem::path newest_night(const std::filesystem::path& parent, const std::string& matrix);

}  // namespace qh
