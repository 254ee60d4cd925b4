#include "scenario/text/regex_problem.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>
#include <string_view>

#include "base/text.hpp"

namespace qh {
namespace {

struct foreign_construct {
    std::string_view sign;    ///< a regex for what stands where RE2 stopped
    std::string_view remedy;  ///< its name, and what to do
};

/// https://github.com/google/re2/wiki/Syntax marks these "not supported". The first that fits.
constexpr std::array<foreign_construct, 21> foreign_constructs = {{
    {R"(\(\?[=!])", "a lookahead; match the whole line, or use \"not_match\""},
    {R"(\(\?<[=!])", "a lookbehind; match what comes before too, and capture the rest"},
    {R"(\(\?[<'])", "a named group; RE2 writes it (?P<name>…)"},
    {R"(\\[1-9kg]|\(\?P=)", "a back-reference; capture both and compare them with \"check\""},
    {R"(\(\?(P>|&|R|[-+]?[0-9]))", "a call of a group; write out what it stands for"},
    {R"(\(\?>)", "an atomic group; a plain one (?:…) does, RE2 never backtracks"},
    {R"([*+?}]\+|\{[0-9,]+\}\+)", "a possessive repetition; leave the + out, RE2 never backtracks"},
    {R"(\(\?\()", "a conditional group; write two regexes"},
    {R"(\(\?#)", "a comment; say it in the step's name"},
    {R"(\(\?\|)", "a branch reset; give the group of each branch a name"},
    {R"(\(\?[imsU-]*x)", "a free layout (?x); leave out the blanks"},
    {R"(\(\?\^?[A-Za-z-]+[:)])", "that flag; it knows i, m, s and U"},
    {R"(\(\*|\(\?C)", "a verb or call-out; leave it out"},
    {R"(\\u)", "\\u; it writes a character's number \\x{e9}"},
    {R"(\\[ceo])", "a control character written so; write its number, such as \\x1b"},
    {R"(\\[hH])", "a class of blanks but \\s, \\S and [ \\t]"},
    {R"(\\R)", "a class of line ends; write \\r?\\n"},
    {R"(\\K)", "a match that begins anew; capture what comes behind"},
    {R"(\\[pP]|\[:)", "a class of that name; \\pL, \\p{Greek} and [:alpha:] are such as it has"},
    {R"(\\[A-Za-z])", "an escape that RE2 lacks; \\z, $ or a class of characters may do"},
    {R"(\{[0-9,]+\})", "a repetition of more than 1000 or of more than 1000 when multiplied out"},
}};

/// The pattern from where RE2 stopped; its error names what it stopped at.
std::string_view from_mistake(std::string_view pattern, std::string_view named) {
    bool escaped = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (!escaped && pattern.substr(at).starts_with(named)) return pattern.substr(at);
        escaped = !escaped && pattern[at] == '\\';
    }
    return named;
}

}  // namespace

std::string regex_problem(const std::string& pattern) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    if (compiled.ok()) return {};
    const auto words = printable(compiled.error());
    // Of "(*VERB" it names the star.
    const auto verb = compiled.error_code() == re2::RE2::ErrorRepeatArgument
                          ? from_mistake(pattern, "(*")
                          : std::string_view("(*");
    const auto at = verb.size() > 2 ? verb : from_mistake(pattern, compiled.error_arg());
    for (const auto& construct : foreign_constructs) {
        const re2::RE2 sign({construct.sign.data(), construct.sign.size()}, re2::RE2::Quiet);
        if (sign.Match({at.data(), at.size()}, 0, at.size(), re2::RE2::ANCHOR_START, nullptr, 0))
            return fmt::format("{}: it has no such thing as {}", words, construct.remedy);
    }
    return words;
}

}  // namespace qh
