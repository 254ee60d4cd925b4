// What a night keeps of a run's result.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "run/judge/sub_results.hpp"
#include "scenario/outcome.hpp"

namespace qh {

struct step_record {
    std::string name, kind, reason;
    step_outcome outcome = step_outcome::not_run;
    double seconds = 0;
    std::string output, error_output;  ///< the ends, where the step did not pass
    std::vector<sub_result> results;   ///< of the tests that the step's program ran
};

struct measurement_record {
    std::string name, unit;
    std::string better;  ///< "higher" or "lower"; anything else: it is not known
    std::optional<double> value, q25, q75;
    json samples;  ///< an array
};

struct failure_record {
    std::string title, kind, step;
};

/// Some members of a run's result.json, kept as they are, and what the harness reads of them. What
/// a guest may have written there with another type counts as missing.
class run_record {
  public:
    /// Of a run that has left none.
    run_record() = default;

    /// Takes the members to keep from a result.json, or from a document() again. Throws a usage
    /// error where there are steps or results whose outcomes are none, and a json exception where
    /// a list or its entries have another type.
    explicit run_record(const json& result);

    /// {"scenario", "steps", "measurements", "failures", "fingerprint", "excerpt", "captures",
    /// "started", "machine", "image"}, those that there are. A step has its output only where it
    /// did not pass, and of that the end.
    const json& document() const { return document_; }

    const std::vector<step_record>& steps() const { return steps_; }
    const std::vector<measurement_record>& measurements() const { return measurements_; }
    const std::vector<failure_record>& failures() const { return failures_; }

    std::string excerpt() const;  ///< the console's last lines
    std::string started() const;
    std::string image_name() const;
    std::string scenario_digest() const;

    /// What figures depend on: an object, empty where it is not known.
    json fingerprint() const;

  private:
    json document_ = json::object();
    std::vector<step_record> steps_;
    std::vector<measurement_record> measurements_;
    std::vector<failure_record> failures_;
};

}  // namespace qh
