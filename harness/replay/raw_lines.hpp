// A console's bytes as lines, escape sequences and all.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace qh {

/// Cuts bytes behind each newline. A line longer than 64 KiB comes in parts.
class raw_lines {
  public:
    /// Calls `take` with each line that `bytes` complete, its newline included.
    void feed(std::string_view bytes, auto&& take) {
        constexpr std::size_t longest = 64u << 10;
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            const bool whole = end != std::string_view::npos;
            const auto part = bytes.substr(0, whole ? end + 1 : bytes.size());
            bytes.remove_prefix(part.size());
            if (whole && begun_.empty()) {
                take(part);
                continue;
            }
            begun_ += part;
            if (whole || begun_.size() > longest) take(std::exchange(begun_, {}));
        }
    }

    /// What has no newline behind it yet.
    const std::string& begun() const { return begun_; }

  private:
    std::string begun_;
};

}  // namespace qh
