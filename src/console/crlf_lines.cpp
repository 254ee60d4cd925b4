#include "console/crlf_lines.hpp"

namespace qh {

void crlf_lines::feed(std::string_view bytes, std::vector<std::string>& lines) {
    constexpr std::size_t longest_line = 2048;
    for (const char byte : bytes) {
        if (byte == '\n') {
            if (last_ == '\r') lines.push_back(line_);
            line_.clear();
        } else if (byte != '\r' && line_.size() < longest_line) {
            line_ += byte;
        }
        last_ = byte;
    }
}

}  // namespace qh
