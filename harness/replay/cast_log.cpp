#include "replay/cast_log.hpp"

#include <re2/re2.h>

#include "base/json.hpp"

namespace qh {

int cast_log::version_of(std::string_view beginning) {
    if (!beginning.starts_with('{')) return 0;
    const auto header = parse_json_or_discard(beginning.substr(0, beginning.find('\n')));
    if (header.is_object() && (header.contains("term") || header.contains("width"))) {
        const auto version = header.value("version", json());
        if (version == 2 || version == 3) return version.get<int>();
    }
    static const re2::RE2 version(R"("version"\s*:\s*1\b)"), events(R"("stdout"\s*:\s*\[)");
    const re2::StringPiece text(beginning.data(), beginning.size());
    return re2::RE2::PartialMatch(text, version) && re2::RE2::PartialMatch(text, events) ? 1 : 0;
}

bool cast_log::take_line(std::string_view line, const piece_taker& take) {
    const auto event = parse_json_or_discard(line);
    if (!event.is_array() || event.size() != 3 || !event[0].is_number() || !event[1].is_string() ||
        !event[2].is_string())
        return false;
    const auto time = event[0].get<double>();
    seconds_ = version_ == 3 ? seconds_ + time : time;
    const auto& code = event[1].get_ref<const std::string&>();
    if (code == "o" || code == "i")
        take({event[2].get_ref<const std::string&>(), seconds_, code == "i"});
    return true;
}

bool cast_log::take_document(std::string_view text, const piece_taker& take) {
    const auto document = parse_json_or_discard(text);
    if (!document.is_object() || !document.contains("stdout")) return false;
    double seconds = 0;
    for (const auto& event : document["stdout"]) {
        if (!event.is_array() || event.size() != 2 || !event[0].is_number() ||
            !event[1].is_string())
            return false;
        seconds += event[0].get<double>();
        take({event[1].get_ref<const std::string&>(), seconds});
    }
    return true;
}

}  // namespace qh
