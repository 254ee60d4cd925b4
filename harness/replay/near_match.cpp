#include "replay/near_match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "replay/regex_tokens.hpp"

namespace qh {
namespace {

using kind = regex_token::kind;

constexpr std::size_t most_kept = 3, longest_line = 4096, most_beginnings = 400;
/// A beginning that is shorter says nothing.
constexpr std::size_t least_literals = 3;
/// What is matched only at its beginning is farther than any whole match in another spelling.
constexpr int shortest_beginning = 10;

bool is_digit(const regex_token& token) {
    return token.what == kind::literal && token.value >= '0' && token.value <= '9';
}

bool is_space(const regex_token& token) {
    return (token.what == kind::literal && (token.value == ' ' || token.value == '\t')) ||
           token.text == "\\s";
}

/// With white space of any length, or none, where there is some, and at a line's ends.
std::string with_any_space(const std::vector<regex_token>& tokens) {
    std::string regex;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].text == "$") regex += "\\s*";
        if (!is_space(tokens[i])) regex += tokens[i].text;
        if (tokens[i].text == "^") regex += "\\s*";
        if (!is_space(tokens[i])) continue;
        regex += "\\s*";
        if (i + 1 < tokens.size() && tokens[i + 1].what == kind::repeat) ++i;
    }
    return regex;
}

/// With any number, captured as `n0`, `n1` …, where there is one; `numbers` gets those.
std::string with_any_number(const std::vector<regex_token>& tokens,
                            std::vector<std::string>& numbers) {
    std::string regex;
    for (std::size_t i = 0; i < tokens.size();) {
        auto end = i;
        std::string number;
        while (end < tokens.size() && is_digit(tokens[end])) number += tokens[end++].value;
        // What is repeated is the last digit alone.
        if (end < tokens.size() && tokens[end].what == kind::repeat) number.clear();
        if (number.empty()) {
            end = std::max(end, i + 1);
            for (; i < end; ++i) regex += tokens[i].text;
            continue;
        }
        regex += fmt::format("(?P<n{}>[0-9]+)", numbers.size());
        numbers.push_back(number);
        i = end;
    }
    return regex;
}

/// Each beginning that is a regex of its own, groups closed, the shortest first.
std::vector<std::string> beginnings_of(const std::vector<regex_token>& tokens) {
    std::vector<std::string> beginnings;
    std::string regex;
    std::size_t open = 0, literals = 0;
    for (std::size_t i = 0; i < tokens.size() && beginnings.size() < most_beginnings; ++i) {
        const auto what = tokens[i].what;
        regex += tokens[i].text;
        if (what == kind::open) ++open;
        if (what == kind::close) --open;
        if (what == kind::literal) ++literals;
        const bool repeated = i + 1 < tokens.size() && tokens[i + 1].what == kind::repeat;
        if (what == kind::open || what == kind::bar || repeated || literals < least_literals)
            continue;
        beginnings.push_back(regex + std::string(open, ')'));
    }
    return beginnings;
}

bool finds(const re2::RE2& regex, std::string_view line, re2::StringPiece* match = nullptr) {
    const re2::StringPiece text(line.data(), line.size());
    return regex.ok() &&
           regex.Match(text, 0, line.size(), re2::RE2::UNANCHORED, match, match ? 1 : 0);
}

/// Which number stands where the regex has another.
std::string number_difference(const re2::RE2& regex, const std::vector<std::string>& numbers,
                              std::string_view line) {
    std::vector<re2::StringPiece> groups(1 +
                                         static_cast<std::size_t>(regex.NumberOfCapturingGroups()));
    const re2::StringPiece text(line.data(), line.size());
    if (!regex.Match(text, 0, line.size(), re2::RE2::UNANCHORED, groups.data(),
                     static_cast<int>(groups.size())))
        return {};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto index = regex.NamedCapturingGroups().at(fmt::format("n{}", i));
        const auto& group = groups[static_cast<std::size_t>(index)];
        const auto got = group.data() ? std::string(group.data(), group.size()) : std::string();
        if (got != numbers[i]) return fmt::format("has {} where the regex has {}", got, numbers[i]);
    }
    return "matches but for a number";
}

re2::RE2::Options quietly() {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_max_mem(1 << 20);
    return options;
}

}  // namespace

near_matches::variant::variant(std::string what, const std::string& regex_text)
    : difference(std::move(what)), regex("(?m)" + regex_text, quietly()) {}

near_matches::near_matches(const std::string& regex)
    : regex_(regex), whole_("(?m)" + regex, quietly()) {
    const auto tokens = regex_tokens(regex);
    variants_.emplace_back("matches but for case", "(?i)" + regex);
    variants_.emplace_back("matches but for white space", with_any_space(tokens));
    const auto any_number = with_any_number(tokens, numbers_);
    if (!numbers_.empty()) variants_.emplace_back("", any_number);
    beginnings_ = beginnings_of(tokens);
    prepare();
}

/// Most lines resemble nothing.
void near_matches::prepare() {
    any_ = std::make_unique<re2::RE2::Set>(quietly(), re2::RE2::UNANCHORED);
    std::string ignored;
    any_->Add(whole_.pattern(), &ignored);
    for (const auto& one : variants_) any_->Add(one.regex.pattern(), &ignored);
    if (!beginnings_.empty())
        any_->Add("(?m)" + beginnings_[longest_ > 0 ? longest_ - 1 : 0], &ignored);
    if (!any_->Compile()) any_.reset();
}

void near_matches::look_at(std::string_view line, double seconds) {
    line = line.substr(0, longest_line);
    if (any_ && !any_->Match(re2::StringPiece(line.data(), line.size()), nullptr)) return;
    if (finds(whole_, line)) return keep({std::string(line), seconds, "matches", 0});
    for (std::size_t i = 0; i < variants_.size(); ++i) {
        const auto& [difference, regex] = variants_[i];
        if (!finds(regex, line)) continue;
        auto what = difference.empty() ? number_difference(regex, numbers_, line) : difference;
        return keep({std::string(line), seconds, std::move(what), static_cast<int>(i) + 1});
    }
    look_for_beginning(line, seconds);
}

/// As long a beginning as any line before had, or a longer one.
void near_matches::look_for_beginning(std::string_view line, double seconds) {
    re2::StringPiece match;
    std::size_t reached = 0;
    const auto compiled = [this](std::size_t count) -> const re2::RE2& {
        while (compiled_.size() < count)
            compiled_.emplace_back("(?m)" + beginnings_[compiled_.size()], quietly());
        return compiled_[count - 1];
    };
    if (longest_ > 0 && finds(compiled(longest_), line, &match)) reached = longest_;
    if (longest_ > 0 && reached == 0) return;
    while (reached < beginnings_.size()) {
        re2::StringPiece longer;
        if (!finds(compiled(reached + 1), line, &longer)) break;
        match = longer;
        ++reached;
    }
    if (reached == 0) return;
    if (std::exchange(longest_, reached) != reached) prepare();
    const auto begin = static_cast<std::size_t>(match.data() - line.data());
    const auto rest = line.substr(begin + match.size());
    keep({std::string(line), seconds,
          fmt::format(
              "matches as far as /{}/, then has {}", beginnings_[reached - 1],
              rest.empty() ? "its end" : fmt::format("\"{}\"", printable(rest.substr(0, 40)))),
          shortest_beginning + static_cast<int>(beginnings_.size() - reached)});
}

void near_matches::keep(near_match found) {
    // What is far beside the nearest is not near.
    const auto same = std::ranges::find(found_, found.line, &near_match::line);
    if (same != found_.end()) return;
    const auto at = std::ranges::upper_bound(found_, found.distance, {}, &near_match::distance);
    found_.insert(at, std::move(found));
    if (found_.size() > most_kept) found_.pop_back();
}

std::vector<near_match> near_matches::nearest() const {
    auto near = found_;
    // Beside a whole match in another spelling, and beside a longer beginning, the others say
    // nothing.
    if (!near.empty())
        std::erase_if(near, [&](const auto& one) {
            return one.distance >= shortest_beginning && one.distance > near.front().distance;
        });
    return near;
}

}  // namespace qh
