// Lines told to a failure_watch of the shipped patterns.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "build_config.hpp"
#include "console/failure_watch.hpp"

namespace qh {

inline const console_patterns& shipped() {
    static const console_patterns patterns(json_document::load(
        std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/lib/failure_patterns.json"));
    return patterns;
}

inline std::vector<watch_event> told(failure_watch& watch,
                                     std::initializer_list<const char*> lines) {
    std::vector<watch_event> events;
    for (const auto* line : lines) watch.on_line(line, events);
    return events;
}

/// All that a whole console of `lines` tells.
inline std::vector<watch_event> told_of(const std::vector<std::string>& lines) {
    failure_watch watch(shipped());
    std::vector<watch_event> events;
    std::string before;
    for (const auto& line : lines) {
        std::vector<int> all(shipped().all().size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
        watch.on_line(line, before, all, events);
        if (!line.empty()) before = line;
    }
    watch.finish(events);
    return events;
}

/// "kind: title" of each failure that `lines` tell of.
inline std::vector<std::string> failures_in(const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const auto& event : told_of(lines))
        if (const auto* one = std::get_if<failure>(&event))
            found.push_back(one->kind + ": " + one->title);
    return found;
}

/// The same of those after which only a failed verdict is true.
inline std::vector<std::string> fatal_in(const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const auto& event : told_of(lines))
        if (const auto* one = std::get_if<failure>(&event); one && one->fatal)
            found.push_back(one->kind + ": " + one->title);
    return found;
}

inline std::vector<failure_trace> reports_in(const std::vector<std::string>& lines) {
    std::vector<failure_trace> found;
    for (const auto& event : told_of(lines))
        if (const auto* one = std::get_if<failure_trace>(&event)) found.push_back(*one);
    return found;
}

/// "kind: title" of each milestone.
inline std::vector<std::string> milestones_in(const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const auto& event : told_of(lines))
        if (const auto* one = std::get_if<milestone>(&event))
            found.push_back(one->kind + ": " + one->title);
    return found;
}

}  // namespace qh
