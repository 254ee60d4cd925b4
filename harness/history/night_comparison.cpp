#include "history/night_comparison.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t least_samples = 5;
constexpr std::size_t least_nights = 3;
constexpr double least_change_of_samples = 0.05;
constexpr double least_change_of_nights = 0.10;

struct interval {
    double low, high, middle;
};

std::map<std::string, const json*> by_name(const json& night) {
    std::map<std::string, const json*> cells;
    for (const auto& cell : night.at("cells")) cells[cell.at("name").get<std::string>()] = &cell;
    return cells;
}

const json* measurement_in(const json& cell, const std::string& name) {
    if (!cell.contains("measurements")) return nullptr;
    for (const auto& one : cell["measurements"])
        if (one.value("name", "") == name) return &one;
    return nullptr;
}

/// The quartiles of a measurement that has enough samples.
std::optional<interval> of_samples(const json& one) {
    if (!one.contains("q25") || one.value("samples", json::array()).size() < least_samples)
        return std::nullopt;
    return interval{one["q25"].get<double>(), one["q75"].get<double>(), one["value"].get<double>()};
}

std::optional<interval> of_nights(std::vector<double> values) {
    if (values.size() < least_nights) return std::nullopt;
    std::ranges::sort(values);
    return interval{values.front(), values.back(), values[values.size() / 2]};
}

class comparer {
  public:
    comparer(const json& before, const json& after, const past& past)
        : before_(before), after_(after), past_(past) {
        for (const auto* list : {"new_failures", "still_failing", "fixed", "flaky", "infra_errors",
                                 "gone", "added", "crashes", "moved", "vector_lengths"})
            result_[list] = json::array();
        result_["before"] = before.value("night", "");
        result_["after"] = after.value("night", "");
    }

    json run() {
        const auto old_cells = by_name(before_), new_cells = by_name(after_);
        const bool partial = after_.value("partial", false);
        for (const auto& [name, cell] : old_cells)
            if (!new_cells.contains(name) && !partial) result_["gone"].push_back(name);
        for (const auto& [name, cell] : new_cells) {
            const auto found = old_cells.find(name);
            const json* old_cell = found == old_cells.end() ? nullptr : found->second;
            if (!old_cell) result_["added"].push_back(name);
            compare_cell(old_cell, *cell);
            if (old_cell) compare_measurements(*old_cell, *cell);
        }
        group_crashes();
        compare_vector_lengths();
        return std::move(result_);
    }

  private:
    void compare_cell(const json* old_cell, const json& cell) {
        const auto now = cell["status"].get<std::string>();
        const auto then = old_cell ? (*old_cell)["status"].get<std::string>() : std::string();
        const auto add = [&](const char* list) -> json& {
            json entry = {{"cell", cell["name"]},
                          {"outcome", cell["outcome"]},
                          {"reason", cell["reason"]},
                          {"before", old_cell ? (*old_cell)["outcome"] : json()}};
            result_[list].push_back(std::move(entry));
            return result_[list].back();
        };
        if (now == "failed" && then == "failed")
            add("still_failing")["since"] =
                past_.failing_since(after_, cell["name"].get<std::string>());
        else if (now == "failed")
            add("new_failures");
        else if (now == "infra_error" || now == "not_run")
            add("infra_errors")["new"] = then != now;
        else if (now == "flaky")
            add("flaky")["new"] = then != "flaky";
        else if (now == "passed" && (then == "failed" || then == "infra_error"))
            add("fixed");
    }

    void compare_measurements(const json& old_cell, const json& cell) {
        const auto fingerprint = fingerprint_of(cell);
        for (const auto& now : cell.value("measurements", json::array())) {
            const auto name = now.value("name", "");
            if (!now.contains("value") || !now["value"].is_number()) continue;
            const auto moved = compare_one(old_cell, cell, now, fingerprint);
            if (!moved) continue;
            const double value = now["value"].get<double>();
            const auto better = now.value("better", "");
            json entry = {{"cell", cell["name"]},
                          {"name", name},
                          {"unit", now.value("unit", "")},
                          {"before", moved->middle},
                          {"after", value}};
            entry["change"] = moved->middle == 0 ? json() : json(value / moved->middle - 1);
            entry["worse"] = (better == "higher" && value < moved->middle) ||
                             (better == "lower" && value > moved->middle);
            result_["moved"].push_back(std::move(entry));
        }
    }

    /// The interval that the measurement has left, if it has.
    std::optional<interval> compare_one(const json& old_cell, const json& cell, const json& now,
                                        const std::string& fingerprint) {
        const auto changed_by = [&](const interval& then, double least) {
            const double value = now["value"].get<double>();
            return std::abs(value - then.middle) > least * std::abs(then.middle);
        };
        const auto* then = measurement_in(old_cell, now.value("name", ""));
        if (then && fingerprint_of(old_cell) == fingerprint) {
            const auto old_samples = of_samples(*then), samples = of_samples(now);
            if (old_samples && samples) {
                const bool apart =
                    samples->low > old_samples->high || samples->high < old_samples->low;
                if (apart && changed_by(*old_samples, least_change_of_samples)) return old_samples;
                return std::nullopt;
            }
        }
        const auto nights = of_nights(past_.values(after_, cell["name"].get<std::string>(),
                                                   now.value("name", ""), fingerprint));
        const double value = now["value"].get<double>();
        if (nights && (value < nights->low || value > nights->high) &&
            changed_by(*nights, least_change_of_nights))
            return nights;
        return std::nullopt;
    }

    static std::map<std::string, json> crashes_in(const json& night) {
        std::map<std::string, json> crashes;
        for (const auto& cell : night["cells"]) {
            if (cell["status"] == "expected_failure") continue;
            std::set<std::string> told;
            for (const auto& failure : cell.value("failures", json::array())) {
                const auto title = failure.value("title", "");
                if (title.empty() || !told.insert(title).second) continue;
                auto& crash = crashes[title];
                crash["title"] = title;
                crash["kind"] = failure.value("kind", "");
                crash["cells"].push_back(cell["name"]);
            }
        }
        return crashes;
    }

    void group_crashes() {
        const auto then = crashes_in(before_);
        for (auto& [title, crash] : crashes_in(after_)) {
            json entry = crash;
            entry["new"] = !then.contains(title);
            result_["crashes"].push_back(std::move(entry));
        }
    }

    /// Cells that differ in their vlen only, and what does not come out the same in them.
    void compare_vector_lengths() {
        static const re2::RE2 form(R"(\bvlen=(\d+))");
        // group → result → vlen → outcome
        std::map<std::string, std::map<std::string, std::map<std::string, std::string>>> groups;
        for (const auto& cell : after_["cells"]) {
            auto name = cell["name"].get<std::string>();
            std::string vlen;
            if (cell["status"] == "not_run" || cell["status"] == "infra_error" ||
                !re2::RE2::PartialMatch(name, form, &vlen))
                continue;
            re2::RE2::Replace(&name, form, "vlen=*");
            groups[name]["outcome"][vlen] = cell["outcome"].get<std::string>();
            for (const auto& step : cell.value("steps", json::array()))
                groups[name]["step " + step.value("name", "")][vlen] = step.value("outcome", "");
        }
        for (const auto& [name, results] : groups)
            for (const auto& [what, by_vlen] : results) {
                std::set<std::string> different;
                for (const auto& [vlen, outcome] : by_vlen) different.insert(outcome);
                if (different.size() > 1)
                    result_["vector_lengths"].push_back(
                        {{"cell", name}, {"what", what}, {"results", by_vlen}});
            }
    }

    const json& before_;
    const json& after_;
    const past& past_;
    json result_;
};

std::string cell_line(const json& entry) {
    auto text = fmt::format("  {}: {}", entry["cell"].get<std::string>(),
                            entry["outcome"].get<std::string>());
    if (entry["before"].is_string())
        text += fmt::format(" (before: {})", entry["before"].get<std::string>());
    if (entry.contains("since") && entry["since"] != "")
        text += fmt::format(" since {}", entry["since"].get<std::string>());
    const auto reason = entry["reason"].get<std::string>();
    if (!reason.empty() && entry["outcome"] != "passed")
        text += "\n    " + printable(reason.substr(0, reason.find('\n')));
    return text + "\n";
}

std::string names_text(const json& names) {
    std::string text;
    for (const auto& name : names) text += fmt::format("  {}\n", name.get<std::string>());
    return text;
}

std::string crash_line(const json& crash) {
    return fmt::format("  {}{}\n{}", printable(crash["title"].get<std::string>()),
                       crash["new"] == true ? " (new)" : "", names_text(crash["cells"]));
}

std::string moved_line(const json& one) {
    return fmt::format("  {}: {} {:g} -> {:g} {}{}{}\n", one["cell"].get<std::string>(),
                       printable(one["name"].get<std::string>()), one["before"].get<double>(),
                       one["after"].get<double>(), printable(one["unit"].get<std::string>()),
                       one["change"].is_null()
                           ? ""
                           : fmt::format(" ({:+.1f} %)", one["change"].get<double>() * 100),
                       one["worse"] == true ? ", worse" : "");
}

std::string vector_line(const json& one) {
    std::string text = fmt::format("  {}: {}:", one["cell"].get<std::string>(),
                                   printable(one["what"].get<std::string>()));
    for (const auto& [vlen, outcome] : one["results"].items())
        text += fmt::format(" {}={}", vlen, outcome.get<std::string>());
    return text + "\n";
}

}  // namespace

std::string fingerprint_of(const json& cell) {
    json print = cell.value("fingerprint", json::object());
    print.erase("host_load");
    print["scenario"] = cell.value(json_path("/scenario/digest"), "");
    return sha256_hex(dump(print)).substr(0, 16);
}

json compare_nights(const json& before, const json& after, const past& past) {
    return comparer(before, after, past).run();
}

bool is_worse(const json& comparison) {
    const auto any = [&](const char* list, const char* flag) {
        return std::ranges::any_of(comparison[list],
                                   [&](const json& one) { return one.value(flag, false); });
    };
    return !comparison["new_failures"].empty() || !comparison["gone"].empty() ||
           any("infra_errors", "new") || any("flaky", "new") || any("crashes", "new") ||
           any("moved", "worse");
}

std::string comparison_text(const json& comparison) {
    struct section {
        const char* list;
        const char* title;
        std::string (*line)(const json&);
    };
    static constexpr section sections[] = {
        {"new_failures", "new failures", cell_line},
        {"infra_errors", "infrastructure errors and cells that were not run", cell_line},
        {"flaky", "flaky", cell_line},
        {"still_failing", "still failing", cell_line},
        {"fixed", "fixed", cell_line},
        {"crashes", "crashes, equal ones together", crash_line},
        {"moved", "measurements that moved", moved_line},
        {"vector_lengths", "results that differ between vector lengths", vector_line}};
    std::string text;
    for (const auto& section : sections) {
        if (comparison[section.list].empty()) continue;
        text += fmt::format("{} ({}):\n", section.title, comparison[section.list].size());
        for (const auto& one : comparison[section.list]) text += section.line(one);
    }
    if (!comparison["gone"].empty())
        text += "cells that are gone:\n" + names_text(comparison["gone"]);
    if (!comparison["added"].empty())
        text += "cells that are new:\n" + names_text(comparison["added"]);
    return text.empty() ? "nothing has changed\n" : text;
}

}  // namespace qh
