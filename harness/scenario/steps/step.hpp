// A step: what it does, and what steps of all kinds have.
#pragma once

#include <boost/describe/enum.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "scenario/steps/step_action.hpp"

namespace qh {

/// What a measured value must keep to.
struct value_limits {
    std::optional<double> at_least, at_most;
};

/// A number to record: one by name, or each JSON line the guest prints.
struct measurement_source {
    bool json_lines = false;
    std::string name;
    std::string value;
    std::string unit;
    std::string better;                          ///< "higher", "lower" or empty
    unsigned warmup = 0, repeats = 1;            ///< how often the step's command runs
    std::map<std::string, value_limits> limits;  ///< by the measurement's name
};

/// How a program tells of its own tests.
enum class result_format { ktap, tap, jsonl };
BOOST_DESCRIBE_ENUM(result_format, ktap, tap, jsonl)

struct step {
    std::string name;
    step_action action;
    Duration timeout{};
    Duration idle_timeout = never;  ///< how long the guest may be silent and idle meanwhile
    std::vector<std::string> when;  ///< comparisons; where one is false the step is skipped
    std::vector<std::string> tags;
    bool left_out = false;  ///< by the user's choice of steps
    bool continue_on_failure = false;
    std::optional<int> exit = 0;  ///< the status asked for; none: any
    std::vector<std::string> match;
    std::vector<std::string> not_match;
    std::vector<std::string> match_stderr;
    std::vector<std::string> skip;  ///< where the output matches one, the step is skipped
    std::optional<result_format> parse;
    std::string capture;
    std::vector<std::string> checks;
    std::optional<measurement_source> measure;

    const step_kind& kind() const { return kind_of(action); }
};

}  // namespace qh
