#include "matrix/expansion.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <set>

namespace qh {
namespace {

std::string without_extension(const std::string& scenario) {
    constexpr std::string_view extension = ".json";
    return scenario.ends_with(extension) ? scenario.substr(0, scenario.size() - extension.size())
                                         : scenario;
}

/// The product of the axes; empty where it is too large.
std::vector<cell_point> points_of(const std::vector<axis>& axes) {
    std::vector<cell_point> points = {{}};
    for (const auto& axis : axes) {
        if (points.size() * axis.values.size() > most_cells) return {};
        std::vector<cell_point> longer;
        for (const auto& point : points)
            for (const auto& value : axis.values) {
                longer.push_back(point);
                longer.back()[axis.name] = value;
            }
        points = std::move(longer);
    }
    return points;
}

/// The cells that an include rule adds: the product of its own values.
std::vector<cell_point> points_of(const cell_pattern& added) {
    std::vector<axis> axes;
    for (const auto& [name, values] : added.axes) axes.push_back({name, values});
    return points_of(axes);
}

class expander {
  public:
    expander(const matrix& what, const json_document& document, problem_list& problems)
        : matrix_(what), document_(document), problems_(problems) {}

    std::vector<cell> cells() {
        add_axes();
        add_included();
        if (too_many_) return {};
        apply_rules();
        return std::move(cells_);
    }

  private:
    void add_axes() {
        const auto points = points_of(matrix_.axes);
        if (points.empty()) return refuse(json_path("/axes"));
        std::set<const void*> used;
        for (const auto& point : points) {
            const auto* excluded = first_that_fits(matrix_.exclude, point);
            used.insert(excluded);
            if (!excluded) add(point, matrix_.common);
        }
        for (const auto& rule : matrix_.exclude)
            if (!used.contains(&rule)) warn_of_idle(rule.path);
    }

    void add_included() {
        for (const auto& rule : matrix_.include) {
            const auto points = points_of(rule.where);
            if (points.empty() || cells_.size() + points.size() > most_cells)
                return refuse(rule.path);
            for (const auto& point : points) {
                auto settings = matrix_.common;
                settings.add(rule.what);
                if (!add(point, settings))
                    problems_.warn(document_, rule.path,
                                   fmt::format("the matrix already has \"{}\"; \"adjust\" changes "
                                               "cells that are there",
                                               name_of(point)));
            }
        }
    }

    bool add(const cell_point& point, const cell_settings& settings) {
        if (!names_.insert(name_of(point)).second) return false;
        cells_.push_back({name_of(point), point, settings, {}, {}});
        return true;
    }

    void apply_rules() {
        for (const auto& rule : matrix_.adjust)
            apply(rule, [](cell& cell, const cell_settings& what) { cell.settings.add(what); });
        for (const auto& rule : matrix_.expect)
            apply(rule, [](cell& cell, const known_failure& what) {
                if (!cell.expected) cell.expected = what;
            });
        for (const auto& rule : matrix_.quarantine)
            apply(rule, [](cell& cell, const std::string& reason) { cell.quarantine = reason; });
    }

    template <typename Rule, typename Work>
    void apply(const Rule& rule, Work&& work) {
        bool fitted = false;
        for (auto& cell : cells_)
            if (rule.where.fits(cell.point)) {
                work(cell, rule.what);
                fitted = true;
            }
        if (!fitted) warn_of_idle(rule.path);
    }

    template <typename Rule>
    static const Rule* first_that_fits(const std::vector<Rule>& rules, const cell_point& point) {
        const auto found =
            std::ranges::find_if(rules, [&](const Rule& rule) { return rule.where.fits(point); });
        return found == rules.end() ? nullptr : &*found;
    }

    void warn_of_idle(const json_path& path) {
        problems_.warn(document_, path, "this fits no cell of the matrix");
    }

    void refuse(const json_path& path) {
        too_many_ = true;
        problems_.add(
            document_.problem(path, fmt::format("this comes to more than {} cells", most_cells)));
    }

    const matrix& matrix_;
    const json_document& document_;
    problem_list& problems_;
    std::vector<cell> cells_;
    std::set<std::string> names_;
    bool too_many_ = false;
};

}  // namespace

bool cell_pattern::fits(const cell_point& point) const {
    return std::ranges::all_of(axes, [&](const auto& wanted) {
        const auto& [name, patterns] = wanted;
        const auto found = point.find(name);
        return found != point.end() &&
               std::ranges::any_of(patterns, [&](const std::string& pattern) {
                   return ::fnmatch(pattern.c_str(), found->second.c_str(), FNM_NOESCAPE) == 0;
               });
    });
}

void cell_settings::add(const cell_settings& later) {
    for (const auto& [name, value] : later.params) params[name] = value;
    if (later.timeout_multiplier) timeout_multiplier = later.timeout_multiplier;
    if (later.retries) retries = later.retries;
    if (!later.optional.empty()) optional = later.optional;
}

std::string name_of(const cell_point& point) {
    static const std::set<std::string> told_bare = {"scenario", "image", "cpu"};
    std::string name;
    const auto add = [&](const std::string& axis, const std::string& value) {
        if (!name.empty()) name += ' ';
        if (!told_bare.contains(axis)) name += axis + "=";
        name += axis == "scenario" ? without_extension(value) : value;
    };
    for (const auto& axis : standard_axes)
        if (const auto found = point.find(axis); found != point.end()) add(axis, found->second);
    for (const auto& [axis, value] : point)
        if (std::ranges::find(standard_axes, axis) == standard_axes.end()) add(axis, value);
    return name;
}

std::vector<cell> expand(const matrix& what, const json_document& document,
                         problem_list& problems) {
    return expander(what, document, problems).cells();
}

}  // namespace qh
