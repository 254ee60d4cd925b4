#include "console/kernel_line_filter.hpp"

#include <algorithm>
#include <cctype>

namespace qh {
namespace {

/// printk cuts its records at 1024 bytes; what is longer is not one.
constexpr std::size_t longest_kernel_line = 2048;

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Whether `text` is a beginning of, or the whole of, `[ *seconds.microseconds]`.
bool fits_time_stamp(std::string_view text) {
    std::size_t i = 1;
    while (i < text.size() && text[i] == ' ') ++i;
    const std::size_t seconds = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == text.size()) return i <= 16;
    if (i == seconds || text[i] != '.') return false;
    const std::size_t fraction = ++i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == text.size()) return i - fraction <= 6;
    return i - fraction == 6 && text[i] == ']';
}

/// Where the last time stamp in `line` begins. What stands before it is another's: a command that
/// prints stamps of its own, as dmesg does, was cut into by the kernel.
std::size_t last_time_stamp(std::string_view line) {
    for (auto at = line.rfind('['); at != 0 && at != std::string_view::npos;
         at = line.rfind('[', at - 1)) {
        const auto end = line.find(']', at);
        if (end != std::string_view::npos && fits_time_stamp(line.substr(at, end + 1 - at)))
            return at;
    }
    return 0;
}

}  // namespace

void kernel_line_filter::feed(std::string_view bytes, std::string& output,
                              std::vector<std::string>& kernel_lines) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (held_.empty()) {
            const auto next = std::min(bytes.find('[', at), bytes.size());
            output += bytes.substr(at, next - at);
            at = next;
            if (at == bytes.size()) return;
        }
        take(bytes[at], output, kernel_lines);
    }
}

void kernel_line_filter::take(char byte, std::string& output,
                              std::vector<std::string>& kernel_lines) {
    if (byte == '[' && !stamped_) {
        release(output);
        held_ = byte;
    } else if (held_ += byte; stamped_) {
        if (byte == '\n' && held_.ends_with("\r\n")) {
            const auto start = last_time_stamp(held_);
            kernel_lines.push_back(held_.substr(start, held_.size() - 2 - start));
            held_.resize(start);
            release(output);
        } else if (byte == '\n' || held_.size() > longest_kernel_line) {
            release(output);
        }
    } else if (!fits_time_stamp(held_)) {
        release(output);
    } else {
        stamped_ = byte == ']';
    }
}

void kernel_line_filter::release(std::string& output) {
    output += held_;
    held_.clear();
    stamped_ = false;
}

}  // namespace qh
