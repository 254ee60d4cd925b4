// A scenario as the engine runs it: parameters resolved, files read, everything checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/units.hpp"
#include "console/console_patterns.hpp"
#include "scenario/machine_request.hpp"
#include "scenario/steps/step.hpp"

namespace qh {

struct scenario {
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    machine_request machine;
    json parameters = json::object();
    Duration timeout{};
    std::vector<step> steps;
    std::vector<std::string> secrets;  ///< texts that no record may hold
    /// Why the scenario cannot run here though it is right: what the environment lacks.
    std::vector<std::string> unmet;
    /// What to watch for: the shipped patterns with the scenario's own.
    std::shared_ptr<const console_patterns> watched;
    json resolved;  ///< as read, with parameters and files put in: what the run directory keeps
};

}  // namespace qh
