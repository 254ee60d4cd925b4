#include "report/page_console.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include "base/text.hpp"

namespace qh {
namespace {

/// A frame of a screen: what comes closer together is seen at once.
constexpr std::int64_t one_frame_ms = 40;
/// What an event costs in the page besides its text: brackets, time, quotes.
constexpr std::size_t event_bytes = 10;

struct console_event {
    std::int64_t when_ms = 0;
    std::string text;
    bool is_step = false;
};

/// The length of a character as the page's JSON has it.
std::size_t cost_of(char c) {
    constexpr std::string_view short_escapes = "\n\r\t\b\f\"\\";
    constexpr std::size_t long_escape = 6;
    if (short_escapes.find(c) != std::string_view::npos) return 2;
    return static_cast<unsigned char>(c) < 0x20 || c == '<' ? long_escape : 1;
}

std::size_t cost_of(const std::string& text) {
    std::size_t bytes = 0;
    for (const char c : text) bytes += cost_of(c);
    return bytes;
}

std::size_t cost_of(const console_event& event) {
    return event_bytes + cost_of(event.text);
}

/// The seconds at the beginning of a line that is not looked at further.
double interval_of(std::string_view line) {
    double interval_s = 0;
    if (line.starts_with("["))
        std::from_chars(line.data() + 1, line.data() + line.size(), interval_s);
    return std::max(0.0, interval_s);
}

/// How many of the lines come before those of which something has a place within the limit. In the
/// page an event takes about as much as its line.
std::size_t lines_before(const std::vector<std::string_view>& lines, std::size_t limit) {
    auto first = lines.size();
    for (std::size_t total = 0; first > 0 && total <= limit;) total += lines[--first].size();
    return first;
}

/// Text that comes within a frame of other text is seen with it.
void add_event(std::vector<console_event>& events, console_event event) {
    const bool joins = !events.empty() && !event.is_step && !events.back().is_step &&
                       event.when_ms - events.back().when_ms < one_frame_ms;
    if (joins)
        events.back().text += event.text;
    else
        events.push_back(std::move(event));
}

struct end_of_cast {
    std::vector<console_event> events;
    std::size_t cut_bytes = 0;
    std::int64_t cut_ms = 0;
};

end_of_cast read_cast(std::string_view cast, std::size_t limit) {
    end_of_cast found;
    const auto lines = split_lines(cast);
    const auto first = lines_before(lines, limit);
    double now_s = 0;
    for (std::size_t i = 0; i < first; ++i) {
        now_s += interval_of(lines[i]);
        found.cut_bytes += lines[i].size();
    }
    found.cut_ms = std::llround(now_s * 1000);
    for (std::size_t i = first; i < lines.size(); ++i) {
        const auto entry = parse_json_or_discard(lines[i]);
        if (!entry.is_array() || entry.size() != 3 || !entry[0].is_number() ||
            !entry[1].is_string() || !entry[2].is_string())
            continue;
        now_s += std::max(0.0, entry[0].get<double>());
        const auto& code = entry[1].get_ref<const std::string&>();
        if (code == "o" || code == "m")
            add_event(found.events,
                      {std::llround(now_s * 1000), entry[2].get<std::string>(), code == "m"});
    }
    return found;
}

/// Takes as much of a text's beginning away as is worth `cost`, and no character in two. Returns
/// how many bytes that were.
std::size_t cut_front(std::string& text, std::size_t cost) {
    std::size_t count = 0, worth = 0;
    while (count < text.size() && worth < cost) worth += cost_of(text[count++]);
    while (count < text.size() && (static_cast<unsigned char>(text[count]) & 0xC0) == 0x80) ++count;
    text.erase(0, count);
    return count;
}

}  // namespace

std::vector<std::size_t> share_out_bytes(const std::vector<std::size_t>& sizes, std::size_t budget,
                                         std::size_t most) {
    std::vector<std::size_t> order(sizes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t at) { return sizes[at]; });
    std::vector<std::size_t> shares(sizes.size());
    auto left = order.size();
    // The smallest first: what they leave of their share is the others'.
    for (const auto at : order) {
        shares[at] = std::min({sizes[at], most, budget / left--});
        budget -= shares[at];
    }
    return shares;
}

json page_console(std::string_view cast, std::size_t limit) {
    auto [events, cut_bytes, before_ms] = read_cast(cast, limit);
    std::size_t total = 0, first = 0;
    for (const auto& event : events) total += cost_of(event);
    for (; first < events.size() && total > limit; ++first) {
        auto& event = events[first];
        const auto cost = cost_of(event), excess = total - limit;
        if (!event.is_step && cost > excess + event_bytes) {
            cut_bytes += cut_front(event.text, excess);
            break;
        }
        total -= cost;
        if (!event.is_step) cut_bytes += event.text.size();
        before_ms = event.when_ms;
    }
    json console = {{"events", json::array()}, {"cut_bytes", cut_bytes}, {"cut_ms", before_ms}};
    for (auto at = first; at < events.size(); ++at) {
        const auto& event = events[at];
        json entry = {event.when_ms - before_ms, event.is_step ? json() : json(event.text)};
        if (event.is_step) entry.push_back(event.text);
        console["events"].push_back(std::move(entry));
        before_ms = event.when_ms;
    }
    return console;
}

}  // namespace qh
