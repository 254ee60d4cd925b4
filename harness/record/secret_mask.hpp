// Keeps passwords out of all that is recorded and shown.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "run/events/event.hpp"

namespace qh {

/// Puts `***` where a secret stands, also as a shell or printf is told it and as the channel types
/// it, in several lines too. In a stream of bytes a secret may come in pieces, so what may be the
/// beginning of one is held back until more comes.
class secret_mask {
  public:
    static constexpr std::string_view shown_instead = "***";

    explicit secret_mask(const std::vector<std::string>& secrets);

    bool empty() const { return spellings_.empty(); }
    std::string text(std::string text) const;

    /// Any secret may be a word of the harness's own, which a record without would not be one. So
    /// the names of members stay as they are, and the values of those that only the harness gives
    /// values to, as "outcome".
    json masked(json value) const;

    /// An event as it may be recorded. Of a stream it may be empty: all is held back for now.
    event mask(const event& original);

    /// What is still held back, once nothing more will come.
    std::vector<event> finish(time_point now);

  private:
    /// What `rest` begins with.
    struct beginning {
        std::size_t secret = 0;  ///< bytes of a secret; 0: no secret
        bool may_be_more = false;
    };
    beginning beginning_of(std::string_view rest) const;
    std::string release(std::string& held, bool all) const;
    template <typename Stream>
    Stream mask_stream(const Stream& original);

    std::vector<std::string> spellings_;       ///< longest first
    std::string first_bytes_;                  ///< of the spellings
    std::map<std::string, std::string> held_;  ///< by the stream's type
};

}  // namespace qh
