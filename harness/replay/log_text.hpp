// What a machine printed, out of a log of any kind.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

enum class log_format {
    text,       ///< the console's bytes, or kernel lines with a wall clock's stamps
    asciicast,  ///< versions 2 and 3 (docs.asciinema.org/manual/asciicast)
    lava        ///< YAML, a list of {dt, lvl, msg}; of lvl "target" is the machine's
};

std::string_view name_of(log_format format);

struct log_piece {
    std::string_view bytes;
    std::optional<double> seconds;  ///< since the log began; none: it does not tell
    bool typed = false;             ///< into the console
};

/// Cuts a log into pieces as it comes. The format shows in the first line. Lines of the formats
/// that have lines are 16 MiB long at most.
class log_text {
  public:
    using taker = std::function<void(const log_piece&)>;

    void feed(std::string_view bytes, const taker& take);
    void finish(const taker& take);

    log_format format() const { return format_.value_or(log_format::text); }

    /// How many lines were none of the format.
    std::size_t unreadable() const { return unreadable_; }

  private:
    void take_lines(const taker& take, bool all);
    void take_text(const taker& take, bool all);
    void take_line(std::string_view line, const taker& take);
    bool take_cast_line(std::string_view line, const taker& take);
    bool take_lava_line(std::string_view line, const taker& take);

    std::optional<log_format> format_;
    std::string unread_;
    bool skipping_ = false;  ///< the rest of a line that is too long
    std::size_t unreadable_ = 0;
    int cast_version_ = 0;
    double cast_seconds_ = 0;
    std::optional<double> began_;  ///< the first time that LAVA or a wall clock's stamp tells
    std::optional<double> since_;  ///< then, the last one
    bool line_begins_ = true;      ///< of text
};

}  // namespace qh
