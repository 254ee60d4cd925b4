#include "console/line_buffer.hpp"

#include <utility>

namespace qh {

void line_buffer::feed(std::string_view text, std::vector<std::string>& lines) {
    for (const char byte : text) {
        if (byte == '\n') {
            lines.push_back(std::exchange(open_, {}));
            restart_ = false;
            continue;
        }
        if (byte == '\r') {
            restart_ = true;
            continue;
        }
        if (std::exchange(restart_, false)) open_.clear();
        if (byte == '\b') {
            if (!open_.empty()) open_.pop_back();
            continue;
        }
        if (open_.size() == limit_bytes_) lines.push_back(std::exchange(open_, {}));
        open_ += byte;
    }
}

}  // namespace qh
