// A matrix as its file has it, and the cells that it comes to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "scenario/machine_fields.hpp"
#include "scenario/outcome.hpp"

namespace qh {

/// Where a cell stands: axis → value, texts as the matrix file has them. An axis that is missing is
/// left to the scenario.
using cell_point = std::map<std::string, std::string>;

/// What a rule applies to: the cells whose value on each axis fits one of its patterns, in which
/// `*` stands for anything.
struct cell_pattern {
    std::map<std::string, std::vector<std::string>> axes;

    bool fits(const cell_point& point) const;
};

/// What a cell has besides its place.
struct cell_settings {
    std::map<std::string, std::string> params;  ///< for the scenario, as `run --set` takes them
    std::optional<double> timeout_multiplier;
    std::optional<unsigned> retries;
    std::string optional;  ///< runs only where `--with` names this word; empty: always

    /// Takes over what `later` says.
    void add(const cell_settings& later);
};

/// A failure that is known.
struct known_failure {
    std::vector<run_outcome> outcomes;  ///< which outcomes are expected
    std::string reason;
    std::string until;  ///< the last day on which it is expected, as YYYY-MM-DD
};

template <typename What>
struct rule {
    cell_pattern where;
    What what;
    json_path path;  ///< in the matrix file
};

struct axis {
    std::string name;
    std::vector<std::string> values;
};

/// A matrix file, read.
struct matrix {
    std::filesystem::path file;
    std::string name;
    std::string description;
    std::vector<axis> axes;  ///< the standard ones first, then the file's own as they are written
    cell_settings common;
    std::vector<rule<cell_settings>> include;  ///< cells besides those of the axes
    std::vector<rule<bool>> exclude;
    std::vector<rule<cell_settings>> adjust;
    std::vector<rule<known_failure>> expect;
    std::vector<rule<std::string>> quarantine;  ///< with the reason
};

/// A point of a matrix, with all that its rules say of it.
struct cell {
    std::string name;  ///< the same from night to night
    cell_point point;
    cell_settings settings;
    std::optional<known_failure> expected;
    std::string quarantine;  ///< the reason; empty: it is not in quarantine
};

/// The axes that decide on the scenario and its machine; any other is a parameter of the scenario.
inline const std::vector<std::string> standard_axes = [] {
    auto axes = machine_axes();
    axes.insert(axes.begin(), "scenario");
    return axes;
}();

/// No night has more.
inline constexpr std::size_t most_cells = 10'000;

}  // namespace qh
