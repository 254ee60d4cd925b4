#include "replay/log_layout.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "replay/kernel_stamp.hpp"

namespace qh {
namespace {

/// Narrower than any terminal that a log is copied from.
constexpr std::size_t narrowest_terminal = 40;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view without_return(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// How wide a terminal shows it; what a tab or an escape sequence is worth is not known.
std::size_t columns_of(std::string_view line) {
    line = without_return(line);
    return static_cast<std::size_t>(std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_rule(std::string_view line) {
    return line.find_first_not_of(line.front()) == std::string_view::npos;
}

/// The width that no line exceeds, that several lines have, and few come near to; else 0. What a
/// full line is wrapped into is no message of its own.
std::size_t wrap_width(const std::vector<std::string_view>& lines) {
    std::map<std::size_t, std::size_t> lines_of_width;
    for (const auto line : lines)
        if (!line.empty() && !is_rule(line)) ++lines_of_width[columns_of(line)];
    if (lines_of_width.empty()) return 0;
    const auto [widest, count] = *lines_of_width.rbegin();
    std::size_t nearly = 0;
    for (std::size_t width = widest - std::min<std::size_t>(8, widest); width < widest; ++width)
        nearly += lines_of_width.contains(width) ? lines_of_width[width] : 0;
    if (widest < narrowest_terminal || count <= 2 * nearly) return 0;
    std::set<std::string_view> different;
    std::size_t wrapped = 0;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        if (columns_of(lines[i]) != widest || lines[i + 1].empty() ||
            kernel_stamp_length(lines[i + 1]) > 0)
            continue;
        ++wrapped;
        different.insert(lines[i]);
    }
    return different.size() >= 3 && wrapped * 5 >= count * 4 ? widest : 0;
}

/// The control character that the picture at `text`'s beginning stands for; negative: none.
int pictured(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xE2' || text[1] != '\x90') return -1;
    const int which = static_cast<unsigned char>(text[2]) - 0x80;
    if (which == 0x24) return '\n';
    return which >= 0 && which < 0x20 ? which : -1;
}

std::string without_pictures(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const auto plain = std::min(text.find('\xE2'), text.size());
        bytes += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const int control = pictured(text);
        bytes += control < 0 ? text.front() : static_cast<char>(control);
        text.remove_prefix(control < 0 ? 1 : 3);
    }
    return bytes;
}

/// The length of a control sequence without its escape at `text`'s beginning, or 0.
std::size_t bare_sequence(std::string_view text) {
    static const re2::RE2 sequence(
        R"(\[(?:\d{1,2}(?:;\d{1,3})*m|\?\d{1,4}[hl]|\d{1,3}(?:;\d{1,3})?[HJKn]))");
    auto rest = piece(text.substr(0, 32));
    const auto size = rest.size();
    return re2::RE2::Consume(&rest, sequence) ? size - rest.size() : 0;
}

bool has_bare_sequences(std::string_view text) {
    constexpr std::size_t enough = 3;
    std::size_t found = 0;
    for (auto at = text.find('['); at != std::string_view::npos && found < enough;
         at = text.find('[', at + 1))
        found += bare_sequence(text.substr(at)) > 0;
    return found == enough && text.find('\x1b') == std::string_view::npos;
}

bool ends_in_pictures(std::string_view line) {
    return line.size() >= 3 && pictured(line.substr(line.size() - 3)) >= 0;
}

/// "host kernel: " behind a time stamp, as journald writes it.
std::size_t host_length(std::string_view text) {
    static const re2::RE2 host(R"([\w.-]+ (?:kernel(?:\[\d+\])?: )?)");
    auto rest = piece(text);
    return re2::RE2::Consume(&rest, host) ? text.size() - rest.size() : 0;
}

/// Syslog's name of the kernel, behind a clock and perhaps a host's name.
std::size_t kernel_name_length(std::string_view text) {
    static const re2::RE2 name(R"((?:[\w.-]+ )?kernel(?:\[\d+\])?: )");
    auto rest = piece(text);
    return re2::RE2::Consume(&rest, name) ? text.size() - rest.size() : 0;
}

}  // namespace

std::string with_escapes(std::string_view text) {
    std::string whole;
    for (std::size_t at = 0; at < text.size();) {
        const auto next = std::min(text.find('[', at), text.size());
        whole += text.substr(at, next - at);
        at = next;
        if (at == text.size()) break;
        const auto length = bare_sequence(text.substr(at));
        if (length > 0 && !whole.ends_with('\x1b')) whole += '\x1b';
        whole += text.substr(at, std::max<std::size_t>(length, 1));
        at += std::max<std::size_t>(length, 1);
    }
    return whole;
}

log_layout::log_layout(std::string_view beginning) : learnt_(learn(beginning)) {}

log_layout::learnt log_layout::learn(std::string_view beginning) {
    learnt found;
    if (beginning.starts_with(byte_order_mark)) beginning.remove_prefix(byte_order_mark.size());
    std::vector<std::string_view> lines = split_lines(beginning), own_lines;
    for (auto& line : lines) line = without_return(line);
    found.wrap_columns = wrap_width(lines);
    std::size_t stamped = 0, twice = 0, hosts = 0, kernels = 0, pictures = 0;
    bool wrapped = false;
    for (const auto line : lines) {
        const auto stamp = kernel_stamp_length(line);
        const auto behind = line.substr(stamp);
        if (!wrapped || stamp > 0) own_lines.push_back(line);
        wrapped = found.wrap_columns > 0 && columns_of(line) == found.wrap_columns;
        pictures += ends_in_pictures(line);
        if (stamp == 0) continue;
        ++stamped;
        twice += kernel_stamp_length(behind) > 0;
        hosts += host_length(behind) > 0;
        kernels += kernel_name_length(behind) > 0;
    }
    found.pictures = pictures * 2 > lines.size();
    found.lost_escapes = has_bare_sequences(beginning);
    found.second_stamps =
        twice > 2 && twice * 3 > stamped && stamped * 100 >= own_lines.size() * 97;
    found.hosts = kernels > 2 && kernels * 2 > stamped && hosts * 10 > stamped * 9;
    found.column = shared_column(own_lines);
    return found;
}

bool log_layout::plain() const {
    return !learnt_.column && learnt_.wrap_columns == 0 && !learnt_.pictures &&
           !learnt_.lost_escapes && !learnt_.second_stamps && !learnt_.hosts;
}

void log_layout::take(std::string_view line, const taker& pass_on) {
    if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
    const bool returns = line.ends_with('\r');
    line = without_return(line);
    const auto place = learnt_.column ? learnt_.column->find(line) : std::nullopt;
    const bool wrapped = full_width_ && !place && !line.empty() && kernel_stamp_length(line) == 0;
    const auto columns = columns_of(line);
    if (columns > learnt_.wrap_columns) learnt_.wrap_columns = 0;
    full_width_ = learnt_.wrap_columns > 0 && columns == learnt_.wrap_columns;
    if (!line_end_.empty() && !wrapped && !(place && place->continues))
        pass_on(line_end_, seconds_);

    std::string text;
    if (place) {
        tell_time(line.substr(0, place->length));
        line.remove_prefix(place->length);
        if (learnt_.column->has_clock()) line.remove_prefix(kernel_name_length(line));
    } else if (learnt_.second_stamps && !wrapped) {
        line.remove_prefix(kernel_stamp_length(line));
    } else if (const auto stamp = learnt_.hosts ? kernel_stamp_length(line) : 0; stamp > 0) {
        text = line.substr(0, stamp);
        line.remove_prefix(stamp + host_length(line.substr(stamp)));
    }
    text += line;
    line_end_ = returns ? "\r\n" : "\n";
    if (learnt_.pictures) {
        text = without_pictures(text);
        line_end_ = {};
    }
    if (learnt_.lost_escapes) text = with_escapes(text);
    if (!text.empty()) pass_on(text, seconds_);
}

void log_layout::finish(bool ended, const taker& pass_on) {
    if (ended && !line_end_.empty()) pass_on(line_end_, seconds_);
    line_end_ = {};
}

void log_layout::tell_time(std::string_view column) {
    constexpr double day = 86'400;
    static const re2::RE2 time_of_day(R"((\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9}))?)");
    static const re2::RE2 seconds_alone(R"((?:^|[^+\d.])(\d+\.\d+))");
    int hours = 0, minutes = 0, seconds = 0;
    std::string fraction;
    double time = 0;
    if (re2::RE2::PartialMatch(piece(column), time_of_day, &hours, &minutes, &seconds, &fraction)) {
        time = hours * 3600 + minutes * 60 + seconds +
               (fraction.empty() ? 0 : std::stod("0." + fraction));
        if (clock_ && time + day / 2 < *clock_ - days_seconds_) days_seconds_ += day;
        time += days_seconds_;
    } else if (!re2::RE2::PartialMatch(piece(column), seconds_alone, &time)) {
        return;
    }
    if (!seconds_) began_ = time;
    clock_ = time;
    seconds_ = time - began_;
}

}  // namespace qh
