#include "run/judge/sub_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t most_results = 10000;
constexpr std::size_t most_levels = 20;
constexpr std::size_t longest_text = 300;
constexpr std::size_t most_named = 5;

std::string harmless(std::string_view text) {
    auto result = printable(trim(text.substr(0, longest_text)));
    while (!is_valid_utf8(result)) result.pop_back();
    return result;
}

/// Reads TAP and KTAP, whose nested tests differ only in how far they are indented. The results of
/// a nested level come before the line of the test that they belong to.
class tap_reader {
  public:
    /// TAP 14 demands a plan; KTAP's readers may do without one.
    explicit tap_reader(bool needs_plan) : needs_plan_(needs_plan) {}

    void read(std::string_view line) {
        static const re2::RE2 time_stamp(R"(^\[ *\d+\.\d+\](?:\[[^\]]*\])? ?)");
        re2::StringPiece rest(line.data(), line.size());
        re2::RE2::Consume(&rest, time_stamp);
        const std::string_view text(rest.data(), rest.size());
        const auto indent = std::min(text.find_first_not_of(' '), text.size());
        read_at(indent, text.substr(indent));
    }

    sub_results finish() {
        while (levels_.size() > 1) close_level("");
        if (!levels_.empty()) {
            if (needs_plan_ && !levels_.back().planned)
                note("no plan (1..N) tells whether all tests came");
            close_level("");
        }
        return std::move(found_);
    }

  private:
    struct level {
        std::size_t indent;
        std::optional<std::size_t> planned;
        std::size_t seen = 0;  ///< tests of this level, whatever they were made of
        std::set<std::string> numbers = {};
        std::size_t first_result;  ///< where the results of this level and those in it begin
    };

    void read_at(std::size_t indent, std::string_view text) {
        static const re2::RE2 plan(R"(1\.\.(\d{1,6})(?:\s*# *(?i:skip)\S*\s*(.*))?\s*)");
        static const re2::RE2 version(R"(K?TAP version \d+\s*)");
        static const re2::RE2 test(R"((not )?ok\b *(\d{1,6})? *(?:- )? *(.*))");
        const re2::StringPiece line(text.data(), text.size());
        re2::StringPiece negation, number, rest, reason;
        int planned = 0;
        if (text.starts_with("Bail out!")) {
            note("the program bailed out: " + harmless(text.substr(9)));
        } else if (re2::RE2::FullMatch(line, version)) {
            level_at(indent);
        } else if (re2::RE2::FullMatch(line, plan, &planned, &reason)) {
            level_at(indent).planned = static_cast<std::size_t>(planned);
            if (planned == 0) add({"all", step_outcome::skipped, harmless(to_view(reason))});
        } else if (re2::RE2::FullMatch(line, test, &negation, &number, &rest)) {
            read_test(indent, negation.empty(), to_view(number), to_view(rest));
        }
    }

    static std::string_view to_view(re2::StringPiece piece) { return {piece.data(), piece.size()}; }

    void read_test(std::size_t indent, bool ok, std::string_view number, std::string_view rest) {
        static const re2::RE2 directive(
            R"((.*?)\s*# ?(?i:(skip|todo|xfail|timeout|error))\S*\s*(.*))");
        re2::StringPiece name, kind, reason;
        sub_result result{harmless(rest), ok ? step_outcome::passed : step_outcome::failed, {}};
        if (re2::RE2::FullMatch({rest.data(), rest.size()}, directive, &name, &kind, &reason)) {
            result.name = harmless(to_view(name));
            result.reason = harmless(to_view(reason));
            const auto word = static_cast<char>(std::tolower(static_cast<unsigned char>(kind[0])));
            const bool is_expected =
                word == 's' || (!ok && (to_view(kind).size() == 4 || word == 'x'));
            if (is_expected) result.outcome = step_outcome::skipped;
            if (result.reason.empty() && result.outcome != step_outcome::passed)
                result.reason = std::string(to_view(kind));
        }
        const auto nested = close_levels_inside(indent, result.name);
        auto& own = level_at(indent);
        ++own.seen;
        if (!number.empty() && !own.numbers.emplace(number).second)
            note(fmt::format("test {} came twice", number));
        if (!nested)
            add(std::move(result));
        else if (result.outcome == step_outcome::failed && !any_failed_since(*nested))
            add(std::move(result));
    }

    /// The level that lines indented so far are of; those further inside are ended.
    level& level_at(std::size_t indent) {
        close_levels_inside(indent, "");
        if (levels_.empty() || levels_.back().indent < indent) {
            if (levels_.size() == most_levels) levels_.pop_back();
            levels_.push_back({indent, {}, 0, {}, found_.results.size()});
        }
        return levels_.back();
    }

    /// Where the results inside begin, if there were any levels.
    std::optional<std::size_t> close_levels_inside(std::size_t indent, const std::string& name) {
        std::optional<std::size_t> begin;
        while (!levels_.empty() && levels_.back().indent > indent) {
            begin = levels_.back().first_result;
            close_level(name);
        }
        return begin;
    }

    /// The results in a level get the name of the test that they belong to.
    void close_level(const std::string& name) {
        const auto ended = levels_.back();
        levels_.pop_back();
        if (ended.planned && ended.seen < *ended.planned)
            note(fmt::format("{} of {} planned tests came{}", ended.seen, *ended.planned,
                             name.empty() ? "" : " in " + name));
        if (ended.planned && ended.seen > *ended.planned)
            note(fmt::format("{} tests came where {} were planned", ended.seen, *ended.planned));
        if (name.empty()) return;
        for (auto i = ended.first_result; i < found_.results.size(); ++i)
            found_.results[i].name = name + " / " + found_.results[i].name;
    }

    bool any_failed_since(std::size_t begin) const {
        return std::any_of(found_.results.begin() + static_cast<std::ptrdiff_t>(begin),
                           found_.results.end(),
                           [](const auto& r) { return r.outcome == step_outcome::failed; });
    }

    void add(sub_result result) {
        if (found_.results.size() < most_results)
            found_.results.push_back(std::move(result));
        else
            note(fmt::format("more than {} results", most_results));
    }

    void note(const std::string& problem) {
        if (found_.problem.empty()) found_.problem = problem;
    }

    const bool needs_plan_;
    sub_results found_;
    std::vector<level> levels_;
};

sub_results read_json_lines(std::string_view output) {
    static const std::map<std::string, step_outcome> outcomes = {
        {"passed", step_outcome::passed},
        {"failed", step_outcome::failed},
        {"skipped", step_outcome::skipped}};
    sub_results found;
    for (const auto line : split_lines(output)) {
        if (!trim(line).starts_with('{')) continue;
        const json object = parse_json_or_discard(line);
        if (!object.is_object() || !object.contains("test") || !object["test"].is_string() ||
            !object.contains("outcome") || !object["outcome"].is_string())
            continue;
        const auto name = harmless(object["test"].get_ref<const std::string&>());
        const auto outcome = outcomes.find(object["outcome"].get<std::string>());
        const auto reason = object.contains("reason") && object["reason"].is_string()
                                ? harmless(object["reason"].get_ref<const std::string&>())
                                : "";
        if (outcome == outcomes.end())
            found.problem = fmt::format("{} has an outcome that is none: {}", name,
                                        harmless(object["outcome"].get_ref<const std::string&>()));
        else if (found.results.size() < most_results)
            found.results.push_back({name, outcome->second, reason});
        else
            found.problem = fmt::format("more than {} results", most_results);
    }
    return found;
}

}  // namespace

std::string sub_results::failure() const {
    std::vector<std::string> named;
    std::size_t failed = 0;
    for (const auto& result : results) {
        if (result.outcome != step_outcome::failed) continue;
        if (++failed > most_named) continue;
        named.push_back(result.reason.empty() ? result.name
                                              : fmt::format("{} ({})", result.name, result.reason));
    }
    std::string text;
    if (failed > 0)
        text = fmt::format("{} of {} sub-results failed: {}{}", failed, results.size(),
                           fmt::join(named, ", "), failed > most_named ? ", …" : "");
    if (!problem.empty()) text += (text.empty() ? "" : "; ") + problem;
    return text;
}

bool sub_results::all_skipped() const {
    return !results.empty() && problem.empty() && std::ranges::all_of(results, [](const auto& r) {
        return r.outcome == step_outcome::skipped;
    });
}

sub_results read_sub_results(result_format format, std::string_view output) {
    sub_results found;
    if (format == result_format::jsonl) {
        found = read_json_lines(output);
    } else {
        tap_reader reader(format == result_format::tap);
        for (const auto line : split_lines(output)) reader.read(printable(line));
        found = reader.finish();
    }
    if (found.results.empty() && found.problem.empty())
        found.problem = "the output has no results to parse";
    return found;
}

}  // namespace qh
