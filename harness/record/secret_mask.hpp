// Keeps passwords out of all that is recorded and shown.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "run/event.hpp"

namespace qh {

/// Puts `***` where a secret stands, also as the shell quoting of it that commands are typed with.
/// In a stream of bytes a secret may come in pieces, so what may be the beginning of one is held
/// back until more comes.
class secret_mask {
  public:
    static constexpr std::string_view shown_instead = "***";

    explicit secret_mask(std::vector<std::string> secrets);

    bool empty() const { return secrets_.empty(); }
    std::string text(std::string text) const;
    json masked(json value) const;

    /// An event and its raw bytes as they may be recorded. Empty bytes: all is held back for now.
    /// How many bytes are held back then is "held" in the event: the next one begins with them, or
    /// with the mask.
    struct masked_event {
        event what;
        std::string raw;
    };
    masked_event mask(const event& original, std::string_view raw);

    /// What is still held back, once nothing more will come.
    std::vector<masked_event> finish(time_point now);

  private:
    std::string release(std::string& held, bool all) const;

    std::vector<std::string> secrets_;         ///< longest first
    std::map<std::string, std::string> held_;  ///< by the event's type
};

}  // namespace qh
