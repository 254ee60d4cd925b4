#include "console/kernel_message.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace qh {
namespace {

struct mark {
    std::size_t length;
    std::optional<std::uint64_t> stamp_us;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes digits off the front of `text`; how many there were.
std::size_t take_digits(std::string_view& text, std::uint64_t& value) {
    std::size_t count = 0;
    for (value = 0; count < text.size() && count < 10 && is_digit(text[count]); ++count)
        value = value * 10 + static_cast<std::uint64_t>(text[count] - '0');
    text.remove_prefix(count);
    return count;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

void take_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes printk's caller, "[    T1]" or "[   C0]".
void take_caller(std::string_view& text) {
    auto rest = text;
    std::uint64_t number = 0;
    if (!take(rest, "[")) return;
    take_blanks(rest);
    if (!take(rest, "T") && !take(rest, "C")) return;
    if (take_digits(rest, number) > 0 && take(rest, "]")) text = rest;
}

/// printk's "[   12.345678] ". Where a newline got lost no blank need follow.
std::optional<mark> stamp_at(std::string_view text) {
    auto rest = text;
    std::uint64_t seconds = 0, fraction = 0;
    if (!take(rest, "[")) return {};
    take_blanks(rest);
    if (take_digits(rest, seconds) == 0 || !take(rest, ".") || take_digits(rest, fraction) != 6 ||
        !take(rest, "]"))
        return {};
    take_caller(rest);
    if (!take(rest, " ") && !rest.empty()) return {};
    return mark{text.size() - rest.size(), seconds * 1'000'000 + fraction};
}

/// A priority, "<6>", or "<30>" with its facility; a time stamp may follow.
std::size_t priority_at(std::string_view text) {
    auto rest = text;
    std::uint64_t priority = 0;
    if (!take(rest, "<")) return 0;
    const auto digits = take_digits(rest, priority);
    return digits > 0 && digits <= 3 && take(rest, ">") ? text.size() - rest.size() : 0;
}

/// Behind an open prompt: a getty's, a password's, or a shell's.
std::size_t prompt_at(std::string_view line) {
    static const re2::RE2 prompt(
        R"((?:[\w.-]+ login: ?|Password: ?|(?:[\w.-]+@[\w.-]+[: ][^#$\s]*|[~/][^#$\s]*|[\w.-]+:[~/][^#$\s]*|bash-[\d.]+|sh-[\d.]+) ?[#$] ))");
    re2::StringPiece text(line.data(), line.size());
    return re2::RE2::Consume(&text, prompt) ? line.size() - text.size() : 0;
}

/// The messages up to the first time stamp: one, and one more behind an open prompt.
void add_unstamped(std::string_view text, std::vector<console_message>& messages) {
    auto rest = text;
    take_blanks(rest);
    if (const auto priority = priority_at(rest)) {
        if (priority < rest.size()) messages.push_back({rest.substr(priority), {}, true});
        return;
    }
    messages.push_back({text, {}});
    if (const auto prompt = prompt_at(rest); prompt > 0 && prompt < rest.size())
        messages.push_back({rest.substr(prompt), {}, false, true});
}

}  // namespace

std::string_view console_message::words() const {
    auto rest = text;
    take_blanks(rest);
    return rest;
}

std::vector<console_message> messages_in(std::string_view line) {
    std::vector<console_message> messages;
    const auto add = [&](std::size_t begin, std::size_t end, const mark* stamp) {
        const auto text = line.substr(begin, end - begin);
        if (stamp)
            messages.push_back({text, stamp->stamp_us, true});
        else if (text.find_first_not_of(" \t") != std::string_view::npos || line.empty())
            add_unstamped(text, messages);
    };
    std::size_t begin = 0;
    std::optional<mark> last;
    for (auto at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1)) {
        const auto stamp = stamp_at(line.substr(at));
        if (!stamp) continue;
        add(begin, at, last ? &*last : nullptr);
        begin = at + stamp->length;
        last = stamp;
    }
    add(begin, line.size(), last ? &*last : nullptr);
    if (messages.empty()) messages.push_back({line, {}});
    return messages;
}

}  // namespace qh
