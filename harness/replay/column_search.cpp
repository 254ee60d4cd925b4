// How the column that all lines of a log share is found.
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "replay/kernel_stamp.hpp"
#include "replay/line_column.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_looked_at = 200, most_fields = 64;
/// Too few lines to tell what they happen to share from what a tool put there.
constexpr std::size_t few_lines = 10;

bool is_level(std::string_view word) {
    // RFC 5424's, facilities as dmesg and logread print them, and those of most loggers.
    static const re2::RE2 names(
        "(?i)kern|user|mail|daemon|auth|authpriv|syslog|cron|local[0-7]|emerg|alert|crit|critical|"
        "err|error|warn|warning|notice|info|debug|trace|fatal");
    return re2::RE2::FullMatch(re2::StringPiece(word.data(), word.size()), names);
}

bool tells_time(std::string_view column) {
    static const re2::RE2 clock(
        R"(\d\d?:\d\d|\d+\.\d{2,}|\d{4}[-/]\d\d[-/]\d\d|(?:^|\D)\d{10}(?:\D|$))");
    return re2::RE2::PartialMatch(re2::StringPiece(column.data(), column.size()), clock);
}

/// Goes through all lines side by side, a token of each at a time, as long as they agree.
class column_search {
  public:
    explicit column_search(std::span<const std::string_view> lines) : total_(lines.size()) {
        for (const auto line : lines)
            lines_.push_back({line.substr(0, longest_looked_at), 0, {token_kind::end, {}}, 0});
    }

    std::optional<line_column> run() {
        while (fields_.size() < most_fields && agree()) {
            const auto& last = fields_.back();
            const bool is_number = fields_.size() == 2 && fields_[0].what == token_kind::number;
            const bool may_end = last.what == token_kind::blanks || last.text == "]" ||
                                 last.text == "|" || last.text == ">" ||
                                 (is_number && last.text == ":");
            if (may_end && is_column()) best_ = line_column(fields_, has_clock_);
        }
        return best_;
    }

  private:
    struct cursor {
        std::string_view line;
        std::size_t at;    ///< behind the column as far as it is known
        line_token token;  ///< the next one
        std::size_t end;   ///< of that

        bool ended() const { return token.what == token_kind::end; }
        bool has(const line_token& wanted) const {
            return token.what == wanted.what &&
                   (wanted.what != token_kind::symbol || token.text == wanted.text);
        }
    };
    bool agree();
    std::optional<line_token> most_frequent() const;
    bool take_word(line_column::field& next);
    bool at_kernel_stamps() const;
    bool is_column();
    bool covers(std::size_t percent, std::size_t fewest) const {
        return lines_.size() >= fewest && lines_.size() * 100 >= total_ * percent;
    }
    bool counts_lines() const;

    std::size_t total_;
    std::vector<cursor> lines_;  ///< those that have the column so far
    std::vector<line_column::field> fields_;
    bool has_clock_ = false, has_words_ = false, words_differ_ = false;
    int open_brackets_ = 0;
    std::optional<line_column> best_;
};

/// Goes on by one token, where nearly all lines have the same kind of it.
bool column_search::agree() {
    if (at_kernel_stamps()) return false;
    for (auto& one : lines_) {
        one.end = one.at;
        one.token = next_token(one.line, one.end);
    }
    const auto wanted = most_frequent();
    if (!wanted) return false;
    std::erase_if(lines_, [&](const cursor& one) { return !one.ended() && !one.has(*wanted); });
    line_column::field next = {wanted->what};
    if (next.what == token_kind::symbol) next.text = wanted->text;
    if (next.what == token_kind::word && !take_word(next)) return false;
    if (next.what == token_kind::blanks) {
        next.fewest_blanks = longest_looked_at;
        for (const auto& one : lines_)
            if (!one.ended())
                next.fewest_blanks = std::min(next.fewest_blanks, one.token.text.size());
    }
    open_brackets_ += next.text == "[" ? 1 : next.text == "]" ? -1 : 0;
    for (auto& one : lines_) one.at = one.end;
    fields_.push_back(std::move(next));
    return true;
}

/// A line that has ended has nothing but the column.
std::optional<line_token> column_search::most_frequent() const {
    std::map<std::pair<token_kind, std::string_view>, std::size_t> votes;
    std::size_t ended = 0;
    for (const auto& one : lines_) {
        const bool is_symbol = one.token.what == token_kind::symbol;
        // GitLab's mark of a line that goes on stands where all others have a blank.
        const bool goes_on = has_clock_ && one.token.text == "+";
        if (one.ended() || goes_on)
            ++ended;
        else
            ++votes[{one.token.what, is_symbol ? one.token.text : std::string_view()}];
    }
    if (votes.empty()) return std::nullopt;
    const auto& [what, count] =
        *std::ranges::max_element(votes, {}, [](const auto& one) { return one.second; });
    const bool enough = has_clock_ ? count * 100 >= (lines_.size() - ended) * 97
                                   : (count + ended) * 10 >= total_ * 8;
    return enough ? std::optional(line_token{what.first, what.second}) : std::nullopt;
}

/// Behind a clock only words that tell nothing are the tool's: those of all lines, and levels.
bool column_search::take_word(line_column::field& next) {
    std::optional<std::string_view> first;
    bool differ = false, are_levels = true;
    for (const auto& one : lines_) {
        if (one.ended()) continue;
        if (!first) first = one.token.text;
        differ = differ || one.token.text != *first;
        are_levels = are_levels && (one.token.text.size() == 1 || is_level(one.token.text));
    }
    if (has_clock_ && open_brackets_ == 0 && (lines_.size() < few_lines || (differ && !are_levels)))
        return false;
    if (!differ) next.text = *first;
    has_words_ = true;
    words_differ_ = words_differ_ || (differ && !are_levels);
    return true;
}

bool column_search::at_kernel_stamps() const {
    const auto stamped = std::ranges::count_if(
        lines_, [](const cursor& one) { return kernel_stamp_length(one.line.substr(one.at)) > 0; });
    return static_cast<std::size_t>(stamped) * 2 > lines_.size();
}

bool column_search::is_column() {
    const auto& shown = lines_.front();
    has_clock_ = has_clock_ || tells_time(shown.line.substr(0, shown.at));
    if (has_clock_) return covers(80, 2);
    if (counts_lines()) return covers(80, 5);
    const auto has_field = [&](auto... marks) {
        return std::ranges::any_of(fields_,
                                   [&](const auto& one) { return ((one.text == marks) || ...); });
    };
    if (has_words_) {
        if (has_field("|")) return covers(90, 3);
        return !words_differ_ && covers(100, 8);
    }
    if (has_field("|", "<", ">")) return covers(90, 3);
    return fields_.size() == 1 && fields_[0].what == token_kind::blanks && covers(100, 3);
}

/// `cat -n`, `grep -n`, an editor.
bool column_search::counts_lines() const {
    if (fields_.size() > 3 || fields_[0].what != token_kind::number) return false;
    if (fields_.size() == 3 && fields_[1].text != ":") return false;
    std::size_t follow = 0;
    long last = -1;
    for (const auto& one : lines_) {
        const auto digits = one.line.substr(std::min(one.line.find_first_not_of(' '), one.at));
        long number = -1;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        follow += number == last + 1;
        last = number;
    }
    return follow * 10 >= lines_.size() * 8;
}

/// A tool's column is there from the beginning.
bool begins_with_it(std::span<const std::string_view> lines, const line_column& column) {
    const auto first = lines.first(std::min<std::size_t>(lines.size(), 10));
    const auto have = std::ranges::count_if(
        first, [&](std::string_view line) { return column.find(line).has_value(); });
    return static_cast<std::size_t>(have) * 10 >= first.size() * 6;
}

}  // namespace

std::optional<line_column> shared_column(std::span<const std::string_view> lines) {
    std::vector<std::string_view> full;
    for (const auto line : lines)
        if (line.find_first_not_of(" \t") != std::string_view::npos) full.push_back(line);
    const auto is_kernels = [](std::string_view line) { return kernel_stamp_length(line) > 0; };
    // What comes before a machine is switched on may be laid out otherwise.
    for (const auto begin : {std::size_t(0), full.size() / 4, full.size() / 2}) {
        const auto before = std::span(full).first(begin), rest = std::span(full).subspan(begin);
        if (rest.empty() || std::ranges::any_of(before, is_kernels)) return std::nullopt;
        auto found = column_search(rest).run();
        if (found && (begin == 0 || found->has_clock()) && begins_with_it(rest, *found))
            return found;
    }
    return std::nullopt;
}

}  // namespace qh
