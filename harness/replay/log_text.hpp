// What a machine printed, out of a log of any kind.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "replay/bytes_literal.hpp"
#include "replay/cast_log.hpp"
#include "replay/lava_log.hpp"
#include "replay/log_layout.hpp"
#include "replay/log_piece.hpp"

namespace qh {

enum class log_format {
    text,       ///< the console's bytes, or its lines as some tool has laid them out
    asciicast,  ///< versions 1 to 3
    lava,       ///< LAVA's YAML
    literal,    ///< Python's literal of the bytes, as pexpect prints it
};

std::string_view name_of(log_format format);

/// Cuts a log into pieces as it comes. The format shows in its first 64 KiB. Lines of the formats
/// that have lines, and asciicasts of version 1, are 16 MiB long at most.
class log_text {
  public:
    using taker = piece_taker;

    void feed(std::string_view bytes, const taker& take);
    void finish(const taker& take);

    log_format format() const;

    /// How many lines were none of the format.
    std::size_t unreadable() const { return unreadable_; }

    /// What the log's own tool says of the machine.
    std::vector<log_remark> remarks() const;

  private:
    struct bare_text {};
    using reader = std::variant<bare_text, log_layout, cast_log, lava_log, bytes_literal>;

    static reader reader_for(std::string_view beginning);
    void take_all(const taker& take, bool last);
    void take_lines(const taker& take, bool last);
    void take_line(std::string_view line, const taker& take);

    std::optional<reader> reader_;
    std::string unread_;
    bool skipping_ = false;  ///< the rest of a line that is too long
    std::size_t unreadable_ = 0;
};

}  // namespace qh
