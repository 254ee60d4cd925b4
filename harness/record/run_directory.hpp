// A run's folder and the files in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "record/cast.hpp"
#include "run/events/event.hpp"

namespace qh {

/// `<parent>/<UTC time>-<scenario>-<short id>/`; the README lists the files in it. The
/// journal and the raw console are appended to as things happen, each event with one write, so
/// that they are valid up to the last line whatever kills us.
class run_directory {
  public:
    /// A guest that never stops printing must not fill the host's disk.
    static constexpr std::size_t longest_log = 1u << 30;

    /// Makes the folder. Throws an infrastructure error that names `--out` where it cannot.
    /// `longest`: so many bytes of the console are kept, and of the channel, and then a note.
    run_directory(const std::filesystem::path& parent, std::string_view scenario_name,
                  std::size_t longest = longest_log);

    const std::filesystem::path& path() const { return path_; }

    /// Appends an event to the journal, to console.cast, and to the raw logs where it carries
    /// console or error output. Times are in seconds since the first event. Throws an
    /// infrastructure error where that fails, on a full disk, and the same one from then on: what
    /// is cut stays the last line.
    void record(const event& event);

    /// Writes one of the other files, whole and in one step.
    void write(const std::string& name, std::string_view content, bool executable = false) const;

    /// Keeps a file that the guest has given, in `files/`, under a name made harmless. Returns its
    /// path in the run's folder.
    std::string keep_file(std::string_view name, std::string_view content) const;

    /// What `keep_file` returns for that name.
    static std::string place_of_file(std::string_view name);

  private:
    unique_fd open_log(const char* name) const;
    void append(const event& event);
    void append_line(const event& event);
    void append_limited(const event& event, const std::string& bytes, std::size_t& kept,
                        event_data cut);
    void append_to(const unique_fd& log, const char* name, std::string_view bytes) const;

    std::filesystem::path path_;
    unique_fd journal_, console_, cast_file_, error_output_;
    cast cast_;
    std::optional<time_point> began_;
    const std::size_t longest_;
    std::size_t console_kept_ = 0, channel_kept_ = 0;  ///< bytes
    std::optional<error> failure_;
};

}  // namespace qh
