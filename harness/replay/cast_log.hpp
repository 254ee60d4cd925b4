// Asciinema's recordings, versions 1 to 3 (docs.asciinema.org/manual/asciicast).
#pragma once

#include <string_view>

#include "replay/log_piece.hpp"

namespace qh {

class cast_log {
  public:
    /// The version that the header of a log tells, which `beginning` holds all or the first
    /// kilobytes of; 0 where it is no recording.
    static int version_of(std::string_view beginning);

    explicit cast_log(int version) : version_(version) {}

    /// Whether the recording is a single JSON document, rather than a line for each event.
    bool is_document() const { return version_ == 1; }

    /// Takes an event's line. False where it is none.
    bool take_line(std::string_view line, const piece_taker& take);

    /// Takes a recording of version 1. False where it is none.
    static bool take_document(std::string_view text, const piece_taker& take);

  private:
    int version_;
    double seconds_ = 0;
};

}  // namespace qh
