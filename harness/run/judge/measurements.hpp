// Numbers from a step's output, over several runs of its command.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "scenario/scenario.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

/// Takes what one run of a command measured, and tells what all of them make.
class measurement_series {
  public:
    /// `lookup` knows the names in the source's value. Returns why there is no number; empty where
    /// there is. Runs that warm up are only looked at.
    std::string add(const measurement_source& source, std::string_view output,
                    const name_lookup& lookup);

    /// Whether the command has run as often as the source asks for.
    bool complete(const measurement_source& source) const {
        return runs_ >= source.warmup + source.repeats;
    }

    /// Objects with `name`, `value` (the median), `unit`, `samples`, and of several samples `q25`
    /// and `q75`, linearly interpolated; with what the guest added to a JSON line.
    std::vector<json> results(const measurement_source& source) const;

    /// The first limit that a value does not keep; empty where all do.
    std::string broken_limit(const measurement_source& source) const;

  private:
    struct series {
        json details;  ///< as the guest last told them
        std::vector<double> samples;
    };

    void take(const std::string& name, json details, double value);

    unsigned runs_ = 0;
    std::vector<std::string> order_;
    std::map<std::string, series> by_name_;
};

}  // namespace qh
