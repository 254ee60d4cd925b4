// A run's folder and the files in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "record/cast.hpp"
#include "run/event.hpp"

namespace qh {

/// `<parent>/<UTC time>-<scenario>-<short id>/`, as the design's "A run directory" has it. The
/// journal and the raw console are appended to as things happen, each event with one write, so
/// that they are valid up to the last line whatever kills us.
class run_directory {
  public:
    /// Makes the folder. Throws an infrastructure error that names `--out` where it cannot.
    run_directory(const std::filesystem::path& parent, std::string_view scenario_name);

    const std::filesystem::path& path() const { return path_; }

    /// Appends an event to the journal, to console.cast, and to the raw logs where it carries
    /// console or error output. Times are in seconds since the first event. Throws an
    /// infrastructure error where that fails, on a full disk, and the same one from then on: what
    /// is cut stays the last line.
    void record(const event& event, std::string_view raw = {});

    /// Writes one of the other files, whole and in one step.
    void write(const std::string& name, std::string_view content, bool executable = false) const;

    /// Keeps a file that the guest has given, in `files/`, under a name made harmless. Returns its
    /// path in the run's folder.
    std::string keep_file(std::string_view name, std::string_view content) const;

    /// What `keep_file` returns for that name.
    static std::string place_of_file(std::string_view name);

  private:
    unique_fd open_log(const char* name) const;
    void append(const event& event, std::string_view raw);

    std::filesystem::path path_;
    unique_fd journal_, console_, cast_file_, error_output_;
    cast cast_;
    std::optional<time_point> began_;
    std::size_t console_bytes_ = 0, channel_bytes_ = 0;
    std::optional<error> failure_;
};

}  // namespace qh
