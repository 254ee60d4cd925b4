#include "replay/log_text.hpp"

#include <re2/re2.h>

#include <ctime>

#include "base/json.hpp"
#include "replay/wall_stamp.hpp"
#include "replay/yaml_mapping.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_line = 16u << 20, enough_for_format = 64u << 10;

/// The version that an asciicast's header names; 0 where it is none.
int cast_version(std::string_view line) {
    if (!line.starts_with('{')) return 0;
    const auto header = parse_json_or_discard(line);
    if (!header.is_object() || !(header.contains("term") || header.contains("width"))) return 0;
    const auto version = header.value("version", json());
    return version == 2 || version == 3 ? version.get<int>() : 0;
}

bool is_lava(std::string_view line) {
    if (!line.starts_with("- {") && !line.starts_with('{')) return false;
    const auto first = yaml_mapping(line);
    return first && first->contains("dt") && first->contains("lvl");
}

/// Seconds since 1970 of "2026-11-26T02:50:28.123456", as if it were UTC.
std::optional<double> seconds_of(const std::string& time) {
    static const re2::RE2 form(R"((\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:\.\d+)?).*)");
    std::tm parts{};
    double seconds = 0;
    if (!re2::RE2::FullMatch(time, form, &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                             &parts.tm_hour, &parts.tm_min, &seconds))
        return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return static_cast<double>(::timegm(&parts)) + seconds;
}

}  // namespace

std::string_view name_of(log_format format) {
    switch (format) {
        case log_format::text:
            return "text";
        case log_format::asciicast:
            return "asciicast";
        case log_format::lava:
            return "LAVA log";
    }
    return "";
}

void log_text::feed(std::string_view bytes, const taker& take) {
    unread_ += bytes;
    take_lines(take, false);
}

void log_text::finish(const taker& take) {
    take_lines(take, true);
}

void log_text::take_lines(const taker& take, bool all) {
    if (!format_) {
        const auto end = unread_.find('\n');
        if (end == std::string::npos && unread_.size() < enough_for_format && !all) return;
        const auto first = std::string_view(unread_).substr(0, end);
        cast_version_ = cast_version(first);
        format_ = cast_version_ > 0 ? log_format::asciicast
                  : is_lava(first)  ? log_format::lava
                                    : log_format::text;
        if (cast_version_ > 0) unread_.erase(0, std::min(first.size() + 1, unread_.size()));
    }
    if (format_ == log_format::text) return take_text(take, all);
    std::size_t at = 0;
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', at)) {
        if (!std::exchange(skipping_, false))
            take_line(std::string_view(unread_).substr(at, end - at), take);
        at = end + 1;
    }
    unread_.erase(0, at);
    if (unread_.size() > longest_line && !std::exchange(skipping_, true)) ++unreadable_;
    if (skipping_) unread_.clear();
    if (all && !unread_.empty()) take_line(unread_, take);
}

/// The stamps of a wall clock are taken off: what tells the kernel's lines is how they begin.
void log_text::take_text(const taker& take, bool all) {
    std::size_t from = 0, at = 0;
    const auto pass_on = [&] {
        if (at > from) take({std::string_view(unread_).substr(from, at - from), since_});
        from = at;
    };
    while (at < unread_.size()) {
        const auto line = std::string_view(unread_).substr(at, longest_wall_stamp);
        const auto end = unread_.find('\n', at);
        if (line_begins_ && end == std::string::npos && line.size() < longest_wall_stamp && !all)
            break;
        if (const auto stamp = line_begins_ ? wall_stamp_of(line) : std::nullopt) {
            pass_on();
            if (!began_) began_ = stamp->seconds;
            since_ = stamp->seconds - *began_;
            at = from += stamp->length;
        }
        line_begins_ = end != std::string::npos;
        at = line_begins_ ? end + 1 : unread_.size();
    }
    pass_on();
    unread_.erase(0, at);
}

void log_text::take_line(std::string_view line, const taker& take) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.starts_with('#')) return;
    const bool read =
        format_ == log_format::asciicast ? take_cast_line(line, take) : take_lava_line(line, take);
    if (!read) ++unreadable_;
}

bool log_text::take_cast_line(std::string_view line, const taker& take) {
    const auto event = parse_json_or_discard(line);
    if (!event.is_array() || event.size() != 3 || !event[0].is_number() || !event[1].is_string() ||
        !event[2].is_string())
        return false;
    const auto time = event[0].get<double>();
    cast_seconds_ = cast_version_ == 3 ? cast_seconds_ + time : time;
    const auto& code = event[1].get_ref<const std::string&>();
    if (code == "o" || code == "i")
        take({event[2].get_ref<const std::string&>(), cast_seconds_, code == "i"});
    return true;
}

bool log_text::take_lava_line(std::string_view line, const taker& take) {
    const auto entry = yaml_mapping(line);
    if (!entry || !entry->contains("lvl")) return false;
    const auto message = entry->find("msg");
    if (entry->at("lvl") != "target" || message == entry->end()) return true;
    const auto time = entry->find("dt");
    const auto seconds = time == entry->end() ? std::nullopt : seconds_of(time->second);
    if (!began_) began_ = seconds;
    const auto since = seconds && began_ ? std::optional(*seconds - *began_) : std::nullopt;
    take({message->second + "\n", since});
    return true;
}

}  // namespace qh
