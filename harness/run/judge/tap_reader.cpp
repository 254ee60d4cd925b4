#include "run/judge/tap_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qh {
namespace {

constexpr std::size_t most_levels = 20;
constexpr const char* nothing_planned = "its plan is 1..0: there was no test to run";
constexpr const char* nothing_ran = "no test in it ran";

step_outcome outcome_of(const tap_line& test) {
    switch (test.says) {
        case tap_line::directive::skip:
        case tap_line::directive::xfail:
            return step_outcome::skipped;
        case tap_line::directive::failure:
            return step_outcome::failed;
        case tap_line::directive::todo:
            if (!test.ok) return step_outcome::skipped;
            break;
        case tap_line::directive::none:
        case tap_line::directive::note:
            break;
    }
    return test.ok ? step_outcome::passed : step_outcome::failed;
}

sub_result result_of(const tap_line& test) {
    sub_result result{harmless_text(test.name), outcome_of(test), {}};
    if (result.name.empty())
        result.name = test.number > 0 ? fmt::format("test {}", test.number) : "a test without name";
    if (result.outcome != step_outcome::passed) result.reason = harmless_text(test.reason);
    return result;
}

}  // namespace

void tap_reader::read(std::string_view text) {
    const auto line = read_tap_line(text);
    if (is_in_yaml(line) || is_comment(line)) return;
    switch (line.is) {
        case tap_line::kind::other:
            return;
        case tap_line::kind::version:
            return begin_document(line);
        case tap_line::kind::plan:
            return read_plan(line);
        case tap_line::kind::test:
            return read_test(line);
        case tap_line::kind::subtest:
            return announce(line);
        case tap_line::kind::bail_out:
            return note(line.reason.empty()
                            ? "the program bailed out"
                            : "the program bailed out: " + harmless_text(line.reason));
    }
}

sub_results tap_reader::finish() {
    while (levels_.size() > 1) close_level(nullptr);
    end_document();
    return std::move(found_);
}

/// A block between "---" and "..." describes the test before it, and may quote anything.
bool tap_reader::is_in_yaml(const tap_line& line) {
    const auto test_column = std::exchange(last_test_at_, std::nullopt);
    if (line.is == tap_line::kind::test) last_test_at_ = line.column;
    if (!yaml_column_) {
        if (line.text == "---" && test_column && line.column > *test_column)
            yaml_column_ = line.column;
        return yaml_column_.has_value();
    }
    const bool is_cut = !line.text.empty() && line.column < *yaml_column_;
    if (is_cut || line.text == "...") yaml_column_.reset();
    if (!is_cut) last_test_at_.reset();
    return !is_cut;
}

/// What is quoted belongs to a document that began with a quoted version line.
bool tap_reader::is_comment(const tap_line& line) const {
    if (!line.quoted) return false;
    const bool is_part = std::ranges::any_of(
        levels_, [&](const level& one) { return one.quoted && one.column <= line.column; });
    if (is_part) return false;
    return line.is != tap_line::kind::version ||
           (!levels_.empty() && levels_.back().column >= line.column);
}

/// In a column where tests are still to come a version line begins the parts of the next one.
void tap_reader::begin_document(const tap_line& line) {
    close_before(line, nullptr);
    const bool is_open = !levels_.empty() && levels_.back().column >= line.column;
    if (is_open && levels_.back().is_fresh()) return;
    const bool goes_on = is_open && levels_.back().planned && !levels_.back().is_complete();
    if (is_open && !goes_on) levels_.size() > 1 ? void(close_level(nullptr)) : end_document();
    open_level(line);
}

void tap_reader::read_plan(const tap_line& line) {
    if (line.column == announced_column_) announced_.clear();
    if (auto& own = level_of(line); own.planned) {
        if (!own.is_complete())
            note(fmt::format("a second plan (1..{}) came before all tests of the first (1..{})",
                             line.number, *own.planned));
        begin_document(line);
    }
    auto& own = level_of(line);
    own.planned = line.number;
    if (line.number == 0)
        own.reason = line.reason.empty() ? nothing_planned : harmless_text(line.reason);
}

void tap_reader::announce(const tap_line& line) {
    announced_ = harmless_text(line.name);
    announced_column_ = line.column;
    announced_within_ =
        levels_.empty() || levels_.back().column != line.column || !levels_.back().is_fresh();
}

/// Whether it is the test that was announced to have parts. KUnit announces it where its parts
/// stand, TAP 14 where itself does.
bool tap_reader::takes_announced(const tap_line& test) {
    const auto announced = std::exchange(announced_, {});
    return !announced.empty() && announced == harmless_text(test.name) &&
           (test.column < announced_column_ ||
            (test.column == announced_column_ && announced_within_));
}

void tap_reader::read_test(const tap_line& line) {
    auto result = result_of(line);
    auto nested = close_before(line, &result);
    if (takes_announced(line) && !nested) nested = {found_.results.size(), ""};
    count(line, level_of(line));
    add_test(std::move(result), nested);
}

void tap_reader::count(const tap_line& test, level& own) {
    ++own.seen;
    if (test.number > 0 && !own.numbers.insert(test.number).second)
        note(fmt::format("test {} came twice", test.number));
}

/// What its parts have told is not told once more by the test itself.
void tap_reader::add_test(sub_result result, const std::optional<parts>& nested) {
    const bool none_ran = nested && nested->first_result == found_.results.size();
    if (none_ran && result.outcome == step_outcome::passed) {
        result.outcome = step_outcome::skipped;
        result.reason = nested->reason.empty() ? nothing_ran : nested->reason;
    }
    if (!nested || none_ran) return add(std::move(result));
    if (result.outcome == step_outcome::passed) return;
    const bool failed_inside = any_failed_since(nested->first_result);
    if (result.outcome == step_outcome::failed && failed_inside) return;
    // They were expected to fail.
    for (auto i = nested->first_result; i < found_.results.size(); ++i)
        if (found_.results[i].outcome == step_outcome::failed) {
            found_.results[i].outcome = step_outcome::skipped;
            found_.results[i].reason = result.reason;
        }
    if (!failed_inside) add(std::move(result));
}

tap_reader::level& tap_reader::level_of(const tap_line& line) {
    close_before(line, nullptr);
    if (levels_.empty() || levels_.back().column < line.column) open_level(line);
    return levels_.back();
}

/// A line between two levels is one of the inner level's that slipped, while that lacks tests.
bool tap_reader::ends_before(const tap_line& line) const {
    if (levels_.empty()) return false;
    const auto& inner = levels_.back();
    const auto* const outer = levels_.size() > 1 ? &levels_[levels_.size() - 2] : nullptr;
    if (inner.column > line.column)
        return !(outer && outer->column < line.column && inner.planned && !inner.is_complete());
    return line.is == tap_line::kind::test && inner.is_complete() && outer &&
           outer->column == line.column && inner.column == line.column;
}

std::optional<tap_reader::parts> tap_reader::close_before(const tap_line& line,
                                                          const sub_result* owner) {
    std::optional<parts> closed;
    while (ends_before(line)) closed = close_level(owner);
    return closed;
}

void tap_reader::open_level(const tap_line& line) {
    if (levels_.size() == most_levels) {
        note(fmt::format("its results are nested deeper than {} levels", most_levels));
        levels_.pop_back();
    }
    levels_.push_back({line.column, line.quoted, found_.results.size()});
}

/// The results in a level get the name of the test that they are parts of.
tap_reader::parts tap_reader::close_level(const sub_result* owner) {
    auto ended = std::move(levels_.back());
    levels_.pop_back();
    check_plan(ended, owner);
    const bool is_empty = ended.planned == 0u && ended.first_result == found_.results.size();
    if (is_empty && !owner) add({"all", step_outcome::skipped, ended.reason});
    if (owner)
        for (auto i = ended.first_result; i < found_.results.size(); ++i)
            found_.results[i].name = owner->name + " / " + found_.results[i].name;
    return {ended.first_result, std::move(ended.reason)};
}

/// A test that was skipped or given up as expected need not have kept its plan.
void tap_reader::check_plan(const level& ended, const sub_result* owner) {
    if (!ended.planned || (owner && owner->outcome == step_outcome::skipped)) return;
    const auto where = owner ? " in " + owner->name : "";
    const auto planned = *ended.planned;
    if (ended.seen < planned)
        note(fmt::format("{} of {} planned tests came{}", ended.seen, planned, where));
    else if (ended.seen > planned)
        note(fmt::format("{} tests came where {} were planned{}", ended.seen, planned, where));
    else if (ended.last_number() > planned && (needs_plan_ || !ended.counts_on()))
        note(fmt::format("test {} came where {} were planned{}", ended.last_number(), planned,
                         where));
}

void tap_reader::end_document() {
    if (levels_.empty()) return;
    if (needs_plan_ && !levels_.back().planned) note("no plan (1..N) tells whether all tests came");
    close_level(nullptr);
}

bool tap_reader::any_failed_since(std::size_t begin) const {
    return std::any_of(found_.results.begin() + static_cast<std::ptrdiff_t>(begin),
                       found_.results.end(),
                       [](const auto& one) { return one.outcome == step_outcome::failed; });
}

void tap_reader::add(sub_result result) {
    if (found_.results.size() < most_sub_results)
        found_.results.push_back(std::move(result));
    else
        note(fmt::format("more than {} results", most_sub_results));
}

void tap_reader::note(const std::string& problem) {
    if (found_.problem.empty()) found_.problem = problem;
}

}  // namespace qh
