// What all kinds of logs come down to.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace qh {

struct log_piece {
    std::string_view bytes;
    std::optional<double> seconds;  ///< since the log began; none: it does not tell
    bool typed = false;             ///< into the console
};

using piece_taker = std::function<void(const log_piece&)>;

}  // namespace qh
