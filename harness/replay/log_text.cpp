#include "replay/log_text.hpp"

#include <utility>

#include "base/overloaded.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_line = 16u << 20, enough_for_format = 64u << 10;

std::string_view first_line_of(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    return text.substr(0, text.find('\n'));
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
        case log_format::literal:
            return "literal of bytes";
    }
    return "";
}

log_text::reader log_text::reader_for(std::string_view beginning) {
    if (const auto version = cast_log::version_of(beginning); version > 0) return cast_log(version);
    if (lava_log::begins_with(first_line_of(beginning))) return lava_log();
    if (bytes_literal::makes_up(beginning)) return bytes_literal();
    if (beginning.size() >= enough_for_format)
        beginning = beginning.substr(0, beginning.rfind('\n', enough_for_format) + 1);
    log_layout layout(beginning);
    if (layout.plain()) return bare_text();
    return layout;
}

log_format log_text::format() const {
    if (!reader_) return log_format::text;
    return std::visit(overloaded{[](const cast_log&) { return log_format::asciicast; },
                                 [](const lava_log&) { return log_format::lava; },
                                 [](const bytes_literal&) { return log_format::literal; },
                                 [](const auto&) { return log_format::text; }},
                      *reader_);
}

std::vector<log_remark> log_text::remarks() const {
    const auto* const lava = reader_ ? std::get_if<lava_log>(&*reader_) : nullptr;
    return lava ? lava->remarks() : std::vector<log_remark>();
}

void log_text::feed(std::string_view bytes, const taker& take) {
    if (reader_ && unread_.empty() && std::holds_alternative<bare_text>(*reader_))
        return take({bytes, std::nullopt});
    unread_ += bytes;
    if (reader_ || unread_.size() >= enough_for_format) take_all(take, false);
}

void log_text::finish(const taker& take) {
    take_all(take, true);
}

void log_text::take_all(const taker& take, bool last) {
    // As much as every cut of the log leaves there is what decides.
    if (!reader_) reader_ = reader_for(std::string_view(unread_).substr(0, enough_for_format));
    std::visit(overloaded{[&](bare_text) {
                              if (!unread_.empty()) take({unread_, std::nullopt});
                              unread_.clear();
                          },
                          [&](bytes_literal& literal) {
                              const auto text = literal.feed(unread_, last);
                              if (!text.empty()) take({text, std::nullopt});
                              unread_.clear();
                          },
                          [&](auto&) { take_lines(take, last); }},
               *reader_);
}

void log_text::take_lines(const taker& take, bool last) {
    const auto* const cast = std::get_if<cast_log>(&*reader_);
    const bool is_document = cast && cast->is_document();
    std::size_t at = 0;
    for (auto end = is_document ? std::string::npos : unread_.find('\n'); end != std::string::npos;
         end = unread_.find('\n', at)) {
        if (!std::exchange(skipping_, false))
            take_line(std::string_view(unread_).substr(at, end - at), take);
        at = end + 1;
    }
    unread_.erase(0, at);
    if (unread_.size() > longest_line && !std::exchange(skipping_, true)) ++unreadable_;
    if (skipping_) unread_.clear();
    if (!last) return;
    const bool ended = unread_.empty();
    if (!ended) take_line(unread_, take);
    if (auto* const layout = std::get_if<log_layout>(&*reader_))
        layout->finish(ended, [&](std::string_view text, std::optional<double> seconds) {
            take({text, seconds});
        });
}

void log_text::take_line(std::string_view line, const taker& take) {
    if (auto* const layout = std::get_if<log_layout>(&*reader_))
        return layout->take(line, [&](std::string_view text, std::optional<double> seconds) {
            take({text, seconds});
        });
    if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.starts_with('#')) return;
    if (auto* const lava = std::get_if<lava_log>(&*reader_)) {
        unreadable_ += lava->take_line(line, take) ? 0 : 1;
    } else if (auto* const cast = std::get_if<cast_log>(&*reader_)) {
        const bool is_header = !cast->is_document() && line.starts_with('{');
        const bool read = is_header || (cast->is_document() ? cast_log::take_document(line, take)
                                                            : cast->take_line(line, take));
        unreadable_ += read ? 0 : 1;
    }
}

}  // namespace qh
