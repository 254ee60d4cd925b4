// A run's journal read back, whatever has become of it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "run/events/event.hpp"

namespace qh {

/// A line of a journal.
struct journal_entry {
    std::size_t line = 0;  ///< counts from 1
    event told;            ///< its time is `journal_epoch` and what the line says
};

/// Where the times of entries begin: late enough that no time before it is asked for.
inline constexpr time_point journal_epoch{std::chrono::hours(24 * 365)};

/// Seconds since the journal's first event.
double journal_seconds(time_point when);

/// A line, or more, that cannot be read.
struct journal_damage {
    std::size_t line;
    std::string what;
    bool at_end = false;  ///< the last line, torn off as its writer was killed
};

/// Reads journal.jsonl entry by entry, in memory that does not grow with it. Lines that are none of
/// a journal are passed over and told in `damage`.
class journal_reader {
  public:
    /// Throws a usage error where the file cannot be opened.
    explicit journal_reader(const std::filesystem::path& file);
    ~journal_reader();

    std::optional<journal_entry> next();

    /// The first of them that were met so far.
    const std::vector<journal_damage>& damage() const { return damage_; }

  private:
    struct parser;

    bool read_line(std::string& line);
    void note(std::string what, bool at_end = false);

    std::filesystem::path file_;
    unique_fd fd_;
    std::unique_ptr<parser> parser_;
    std::string block_;
    std::size_t at_ = 0, line_ = 0;
    bool ended_ = false, whole_ = true;  ///< whether the line read last had its newline
    std::vector<journal_damage> damage_;
};

}  // namespace qh
