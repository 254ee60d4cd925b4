#include "replay/wall_stamp.hpp"

#include <re2/re2.h>

#include <ctime>
#include <string>

namespace qh {
namespace {

/// The regexes are slow beside the rest of a replay, and most lines have no stamp.
bool may_have_stamp(std::string_view line) {
    if (line.size() < 20) return false;
    const bool dmesg = line[0] == '[' && line[4] == ' ' && line[14] == ':';
    const bool iso = line[4] == '-' && line[7] == '-' && line[13] == ':';
    const bool syslog = line[3] == ' ' && line[9] == ':' && line[12] == ':';
    return dmesg || iso || syslog;
}

double seconds_of(int year, int month, int day, int hour, int minute, double seconds) {
    std::tm parts{};
    parts.tm_year = year - 1900;
    parts.tm_mon = month;
    parts.tm_mday = day;
    parts.tm_hour = hour;
    parts.tm_min = minute;
    return static_cast<double>(::timegm(&parts)) + seconds;
}

/// January is 0; negative where it is no month.
int month_named(std::string_view name) {
    constexpr std::string_view all = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = all.find(name);
    return at == std::string_view::npos || at % 3 != 0 ? -1 : static_cast<int>(at / 3);
}

}  // namespace

std::optional<wall_stamp> wall_stamp_of(std::string_view line) {
    if (!may_have_stamp(line)) return std::nullopt;
    static const re2::RE2 dmesg(
        R"(\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\] )");
    static const re2::RE2 iso(
        R"((\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:,\d{6}(?:[+-]\d\d:?\d\d|Z)? |\S* \S+ kernel: ))");
    static const re2::RE2 syslog(
        R"(([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d+)? \S+ kernel: )");
    std::string month_name;
    int year = 2000, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    re2::StringPiece rest(line.data(), line.size());
    if (re2::RE2::Consume(&rest, dmesg, &month_name, &day, &hour, &minute, &second, &year) ||
        re2::RE2::Consume(&rest, syslog, &month_name, &day, &hour, &minute, &second))
        month = month_named(month_name);
    else if (re2::RE2::Consume(&rest, iso, &year, &month, &day, &hour, &minute, &second))
        --month;
    else
        return std::nullopt;
    if (month < 0) return std::nullopt;
    return wall_stamp{line.size() - rest.size(),
                      seconds_of(year, month, day, hour, minute, second)};
}

}  // namespace qh
