#include "console/crlf_lines.hpp"

#include <algorithm>

namespace qh {

void crlf_lines::feed(std::string_view bytes, std::vector<std::string>& lines) {
    while (!bytes.empty()) {
        const auto end = std::min(bytes.find('\n'), bytes.size());
        append(bytes.substr(0, end));
        if (end > 0) last_ = bytes[end - 1];
        if (end == bytes.size()) return;
        if (last_ == '\r') lines.push_back(line_);
        line_.clear();
        last_ = '\n';
        bytes.remove_prefix(end + 1);
    }
}

void crlf_lines::append(std::string_view part) {
    constexpr std::size_t longest_line = 2048;
    while (!part.empty() && line_.size() < longest_line) {
        const auto end = std::min(part.find('\r'), part.size());
        line_ += part.substr(0, std::min(end, longest_line - line_.size()));
        part.remove_prefix(std::min(end + 1, part.size()));
    }
}

}  // namespace qh
