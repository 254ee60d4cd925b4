#include "replay/lava_log.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <ctime>

#include "base/text.hpp"
#include "replay/log_layout.hpp"
#include "replay/yaml_mapping.hpp"

namespace qh {
namespace {

constexpr std::size_t most_remarks = 100;

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

std::string value(const std::map<std::string, std::string>& entry, const char* key) {
    const auto found = entry.find(key);
    return found == entry.end() ? "" : found->second;
}

/// What the job's own result says of it; the error is there where LAVA gave the job up.
std::string job_text(const std::map<std::string, std::string>& entry) {
    auto text = fmt::format("LAVA's job: {}", value(entry, "msg.result"));
    for (const char* key : {"msg.error_type", "msg.error_msg"})
        if (const auto said = value(entry, key); !said.empty()) text += ": " + said;
    return printable(text);
}

}  // namespace

bool lava_log::begins_with(std::string_view line) {
    if (!line.starts_with("- {") && !line.starts_with('{')) return false;
    const auto first = yaml_mapping(line);
    return first && first->contains("dt") && first->contains("lvl");
}

bool lava_log::take_line(std::string_view line, const piece_taker& take) {
    const auto entry = yaml_mapping(line);
    if (!entry || !entry->contains("lvl")) return false;
    const auto time = seconds_of(value(*entry, "dt"));
    const auto& level = entry->at("lvl");
    const auto message = value(*entry, "msg");
    const bool is_machines = (level == "target" || level == "feedback") && entry->contains("msg");
    if (is_machines && !began_) began_ = time;
    const auto seconds = time && began_ ? std::optional(*time - *began_) : std::nullopt;
    if (is_machines)
        take({with_escapes(message) + "\n", seconds});
    else if (level == "input")
        take({message, seconds, true});
    else if (level == "exception")
        remark("LAVA: " + printable(message), false, seconds);
    else if (level == "results" && value(*entry, "msg.case") == "job")
        remark(job_text(*entry), value(*entry, "msg.result") == "fail", seconds);
    return true;
}

void lava_log::remark(std::string text, bool failed, std::optional<double> seconds) {
    if (remarks_.size() < most_remarks || failed)
        remarks_.push_back({std::move(text), failed, seconds});
}

}  // namespace qh
