#include "machine/error_output.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_line = 4096, longest_tail = 8192;
constexpr std::size_t most = 16u << 20;

}  // namespace

std::string error_output::feed(std::string_view bytes) {
    open_ += bytes;
    return take(open_.size() > longest_line ? open_.size() : open_.rfind('\n') + 1);
}

std::string error_output::finish() {
    return take(open_.size());
}

std::string error_output::take(std::size_t count) {
    auto words = open_.substr(0, count);
    open_.erase(0, count);
    tail_ += words;
    if (tail_.size() > longest_tail) tail_.erase(0, tail_.size() - longest_tail);
    if (told_ > most) return {};
    told_ += words.size();
    if (told_ > most) words += "[qharness: cut here, QEMU goes on writing to its standard error]\n";
    return words;
}

}  // namespace qh
