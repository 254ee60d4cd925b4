#include "record/cast.hpp"

#include <utility>

namespace qh {
namespace {

constexpr int columns = 80, rows = 24;

}  // namespace

std::size_t unfinished_utf8(std::string_view bytes) {
    for (std::size_t count = 1; count <= 3 && count <= bytes.size(); ++count) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - count]);
        if ((byte & 0xC0) == 0x80) continue;
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return length > count ? count : 0;
    }
    return 0;
}

cast::cast(cast_version version, const std::string& title, std::optional<std::int64_t> began_s)
    : version_(version) {
    json header = {{"version", static_cast<int>(version)}, {"title", title}};
    if (began_s) header["timestamp"] = *began_s;
    if (version == cast_version::v3)
        header["term"] = {{"cols", columns}, {"rows", rows}};
    else
        header.update({{"width", columns}, {"height", rows}});
    header_ = dump(header) + "\n";
}

std::string cast::on_event(const event& told) {
    const auto& [when, what] = told;
    if (!began_) began_ = when;
    if (const auto* step = std::get_if<events::step_started>(&what))
        return line(when, "m", step->name);
    const auto* end = std::get_if<events::machine_ended>(&what);
    if (end && version_ == cast_version::v3) return line(when, "x", std::to_string(end->status));
    const auto* console = std::get_if<events::console_out>(&what);
    if (!console || console->bytes.empty()) return {};
    auto text = std::exchange(unfinished_, {}) + console->bytes;
    unfinished_ = text.substr(text.size() - unfinished_utf8(text));
    text.resize(text.size() - unfinished_.size());
    return text.empty() ? "" : line(when, "o", text);
}

std::string cast::line(time_point when, const char* code, const std::string& text) {
    const auto now_us =
        std::chrono::duration_cast<std::chrono::microseconds>(when - *began_).count();
    // Version 3 has the time since the line before.
    const auto time_us = version_ == cast_version::v3 ? now_us - told_us_ : now_us;
    told_us_ = now_us;
    return dump({static_cast<double>(time_us) / 1e6, code, text}) + "\n";
}

}  // namespace qh
