#include "replay/console_watch.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "run/guest/channel_script.hpp"

namespace qh {
namespace {

/// What came shortly before a step began may have been meant for it.
constexpr std::size_t recent_lines = 100;

}  // namespace

void console_watch::on_told(const event& told) {
    if (const auto* step = std::get_if<events::step_started>(&told.what)) on_started(*step);
    if (const auto* step = std::get_if<events::step_finished>(&told.what)) on_finished(*step);
}

void console_watch::on_started(const events::step_started& told) {
    in_progress_ = &what_.steps.at(told.index);
    begin(*in_progress_);
}

void console_watch::on_finished(const events::step_finished& told) {
    if (!in_progress_) return;
    const bool failed =
        told.outcome == step_outcome::failed || told.outcome == step_outcome::timed_out;
    if (failed && !std::exchange(failed_, true)) note_failed(*in_progress_, told);
    patterns_.clear();
    in_progress_ = nullptr;
}

void console_watch::note_failed(const step& step, const events::step_finished& told) {
    missed_ = awaited();
    if (!step.kind().has_output) return;
    auto regexes = step.match;
    if (!step.capture.empty()) regexes.push_back(step.capture);
    missed_ = missed_in(told.details.values.value("output", ""), regexes);
}

void console_watch::begin(const step& step) {
    patterns_.clear();
    const auto* expect = std::get_if<expect_step>(&step.action);
    if (!expect) return;
    for (std::size_t i = 0; i < expect->patterns.size(); ++i)
        if (expect->outcomes[i] == expect_outcome::pass)
            patterns_.emplace_back(expect->patterns[i].regex);
    for (const auto& line : recent_)
        for (auto& pattern : patterns_) pattern.look_at(line.text, line.seconds);
}

void console_watch::feed(std::string_view bytes, double seconds) {
    text_.feed(bytes);
    for (const auto line : split_lines(text_.lines(text_.oldest(), text_.complete()))) {
        for (auto& pattern : patterns_) pattern.look_at(line, seconds);
        // What only serves the harness is no guest's text.
        if (trim(line).empty() || is_channel_marker(line)) continue;
        recent_.push_back({std::string(line), seconds});
        if (recent_.size() > recent_lines) recent_.pop_front();
    }
    text_.forget_before(text_.complete());
    // A prompt stands in the open line.
    for (auto& pattern : patterns_)
        if (!text_.open_line().empty()) pattern.look_at(text_.open_line(), seconds);
}

std::vector<std::string> console_watch::recent(std::size_t count) const {
    std::vector<std::string> lines;
    for (auto i = recent_.size() - std::min(count, recent_.size()); i < recent_.size(); ++i)
        lines.push_back(recent_[i].text);
    if (!text_.open_line().empty()) lines.emplace_back(text_.open_line());
    return lines;
}

std::vector<missed_pattern> console_watch::awaited() const {
    std::vector<missed_pattern> all;
    for (const auto& pattern : patterns_) all.push_back({pattern.regex(), pattern.nearest()});
    return all;
}

std::optional<near_match> console_watch::came() const {
    std::optional<near_match> first;
    for (const auto& pattern : patterns_)
        for (const auto& near : pattern.nearest())
            if (near.distance == 0 && (!first || near.seconds < first->seconds)) first = near;
    return first;
}

std::vector<missed_pattern> missed_in(const std::string& text,
                                      const std::vector<std::string>& regexes) {
    std::vector<missed_pattern> all;
    for (const auto& regex : regexes) {
        near_matches pattern(regex);
        for (const auto line : split_lines(text)) pattern.look_at(line, 0);
        auto nearest = pattern.nearest();
        if (nearest.empty() || nearest.front().distance > 0)
            all.push_back({regex, std::move(nearest)});
    }
    return all;
}

}  // namespace qh
