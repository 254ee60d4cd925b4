#include "scenario/regex_problem.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <string_view>

#include "base/text.hpp"

namespace qh {
namespace {

struct foreign_construct {
    std::string_view sign;    ///< a regex for it within a regex
    std::string_view remedy;  ///< its name, and what to do
};

/// https://github.com/google/re2/wiki/Syntax marks these "not supported".
constexpr std::array<foreign_construct, 8> foreign_constructs = {{
    {R"(\(\?(=|!))", "a lookahead; match the whole line, or use \"not_match\""},
    {R"(\(\?<(=|!))", "a lookbehind; match what comes before too, and capture the rest"},
    {R"(\(\?<[A-Za-z_])", "a named group; RE2 writes it (?P<name>…)"},
    {R"(\\[1-9]|\\k|\(\?P=)", "a back-reference; capture both and compare them with \"check\""},
    {R"(\(\?>)", "an atomic group; a plain one (?:…) does, RE2 never backtracks"},
    {R"([*+?}]\+)", "a possessive repetition; leave the + out, RE2 never backtracks"},
    {R"(\(\?\()", "a conditional group; write two regexes"},
    {R"(\\[ZGRKhH])", "an escape that RE2 lacks; \\z, $ or a class of characters may do"},
}};

}  // namespace

std::string regex_problem(const std::string& pattern) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    if (compiled.ok()) return {};
    const auto words = printable(compiled.error());
    for (const auto& construct : foreign_constructs) {
        const re2::RE2 sign(std::string(construct.sign), re2::RE2::Quiet);
        if (re2::RE2::PartialMatch(pattern, sign))
            return fmt::format("{}: it has no such thing as {}", words, construct.remedy);
    }
    return words;
}

}  // namespace qh
