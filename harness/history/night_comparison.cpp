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

std::map<std::string, const cell_result*> by_name(const night_result& night) {
    std::map<std::string, const cell_result*> cells;
    for (const auto& cell : night.cells) cells[cell.what.name] = &cell;
    return cells;
}

const measurement_record* measurement_in(const cell_result& cell, const std::string& name) {
    const auto& all = cell.run.measurements();
    const auto found = std::ranges::find(all, name, &measurement_record::name);
    return found == all.end() ? nullptr : &*found;
}

/// The quartiles of a measurement that has enough samples.
std::optional<interval> of_samples(const measurement_record& one) {
    if (!one.value || !one.q25 || !one.q75 || one.samples.size() < least_samples)
        return std::nullopt;
    return interval{*one.q25, *one.q75, *one.value};
}

std::optional<interval> of_nights(std::vector<double> values) {
    if (values.size() < least_nights) return std::nullopt;
    std::ranges::sort(values);
    return interval{values.front(), values.back(), values[values.size() / 2]};
}

class comparer {
  public:
    comparer(const night_result& before, const night_result& after, const past& past)
        : before_(before), after_(after), past_(past) {
        for (const auto* list : {"new_failures", "still_failing", "fixed", "flaky", "infra_errors",
                                 "gone", "added", "crashes", "moved", "vector_lengths"})
            result_[list] = json::array();
        result_["before"] = before.name;
        result_["after"] = after.name;
    }

    json run() {
        const auto old_cells = by_name(before_), new_cells = by_name(after_);
        for (const auto& [name, cell] : old_cells)
            if (!new_cells.contains(name) && !after_.partial) result_["gone"].push_back(name);
        for (const auto& [name, cell] : new_cells) {
            const auto found = old_cells.find(name);
            const auto* old_cell = found == old_cells.end() ? nullptr : found->second;
            if (!old_cell) result_["added"].push_back(name);
            compare_cell(old_cell, *cell);
            if (old_cell) compare_measurements(*old_cell, *cell);
        }
        group_crashes();
        compare_vector_lengths();
        return std::move(result_);
    }

  private:
    void compare_cell(const cell_result* old_cell, const cell_result& cell) {
        const auto was = [&](cell_status status) { return old_cell && old_cell->status == status; };
        const auto add = [&](const char* list) -> json& {
            json entry = {{"cell", cell.what.name},
                          {"outcome", name_of(cell.outcome)},
                          {"reason", cell.reason},
                          {"before", old_cell ? json(name_of(old_cell->outcome)) : json()}};
            result_[list].push_back(std::move(entry));
            return result_[list].back();
        };
        switch (cell.status) {
            case cell_status::failed:
                if (was(cell_status::failed))
                    add("still_failing")["since"] = past_.failing_since(after_, cell.what.name);
                else
                    add("new_failures");
                break;
            case cell_status::infra_error:
            case cell_status::not_run:
                add("infra_errors")["new"] = !was(cell.status);
                break;
            case cell_status::flaky:
                add("flaky")["new"] = !was(cell_status::flaky);
                break;
            case cell_status::passed:
                if (was(cell_status::failed) || was(cell_status::infra_error)) add("fixed");
                break;
            case cell_status::expected_failure:
            case cell_status::quarantined:
                break;
        }
    }

    void compare_measurements(const cell_result& old_cell, const cell_result& cell) {
        const auto fingerprint = fingerprint_of(cell);
        for (const auto& now : cell.run.measurements()) {
            if (!now.value) continue;
            const auto moved = compare_one(old_cell, cell, now, fingerprint);
            if (!moved) continue;
            json entry = {{"cell", cell.what.name},
                          {"name", now.name},
                          {"unit", now.unit},
                          {"before", moved->middle},
                          {"after", *now.value}};
            entry["change"] = moved->middle == 0 ? json() : json(*now.value / moved->middle - 1);
            entry["worse"] = (now.better == "higher" && *now.value < moved->middle) ||
                             (now.better == "lower" && *now.value > moved->middle);
            result_["moved"].push_back(std::move(entry));
        }
    }

    /// The interval that the measurement, which has a value, has left, if it has.
    std::optional<interval> compare_one(const cell_result& old_cell, const cell_result& cell,
                                        const measurement_record& now,
                                        const std::string& fingerprint) {
        const double value = *now.value;
        const auto changed_by = [&](const interval& then, double least) {
            return std::abs(value - then.middle) > least * std::abs(then.middle);
        };
        const auto* then = measurement_in(old_cell, now.name);
        if (then && fingerprint_of(old_cell) == fingerprint) {
            const auto old_samples = of_samples(*then), samples = of_samples(now);
            if (old_samples && samples) {
                const bool apart =
                    samples->low > old_samples->high || samples->high < old_samples->low;
                if (apart && changed_by(*old_samples, least_change_of_samples)) return old_samples;
                return std::nullopt;
            }
        }
        const auto nights = of_nights(past_.values(after_, cell.what.name, now.name, fingerprint));
        if (nights && (value < nights->low || value > nights->high) &&
            changed_by(*nights, least_change_of_nights))
            return nights;
        return std::nullopt;
    }

    static std::map<std::string, json> crashes_in(const night_result& night) {
        std::map<std::string, json> crashes;
        for (const auto& cell : night.cells) {
            if (cell.status == cell_status::expected_failure) continue;
            std::set<std::string> told;
            for (const auto& failure : cell.run.failures()) {
                if (failure.title.empty() || !told.insert(failure.title).second) continue;
                auto& crash = crashes[failure.title];
                crash["title"] = failure.title;
                crash["kind"] = failure.kind;
                crash["cells"].push_back(cell.what.name);
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
        for (const auto& cell : after_.cells) {
            auto name = cell.what.name;
            std::string vlen;
            if (!guest_decided(cell.status) || !re2::RE2::PartialMatch(name, form, &vlen)) continue;
            re2::RE2::Replace(&name, form, "vlen=*");
            groups[name]["outcome"][vlen] = name_of(cell.outcome);
            for (const auto& step : cell.run.steps())
                groups[name]["step " + step.name][vlen] = name_of(step.outcome);
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

    const night_result& before_;
    const night_result& after_;
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

std::string fingerprint_of(const cell_result& cell) {
    auto print = cell.run.fingerprint();
    print.erase("host_load");
    print["scenario"] = cell.run.scenario_digest();
    return sha256_hex(dump(print)).substr(0, 16);
}

json compare_nights(const night_result& before, const night_result& after, const past& past) {
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
