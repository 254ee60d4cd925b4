// Two nights beside each other: what changed, and what a person should look at.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// What earlier nights have to say.
class past {
  public:
    virtual ~past() = default;

    /// When the cell's failures up to this night began: that night's start, empty where it did not
    /// fail.
    virtual std::string failing_since(const night_result& night, const std::string& cell) const = 0;

    /// The values that a measurement had in nights before this one on the same machine, image,
    /// scenario and host, the newest first.
    virtual std::vector<double> values(const night_result& night, const std::string& cell,
                                       const std::string& measurement,
                                       const std::string& fingerprint) const = 0;
};

/// What a cell's figures depend on, in short: equal ones compare. The host's load does not count.
std::string fingerprint_of(const cell_result& cell);

/// {"before", "after": night names; "new_failures", "still_failing", "fixed", "flaky",
/// "infra_errors": cells with "cell", "outcome", "before" (the outcome then), "reason", and
/// "since"; "gone", "added": names of cells; "crashes": [{"title", "kind", "cells", "new"}], equal
/// ones together; "moved": [{"cell", "name", "unit", "before", "after", "change" (a fraction),
/// "worse"}]; "vector_lengths": [{"cell" with vlen=*, "what", "results": {vlen: outcome}}]}. Empty
/// lists are there. A measurement has moved where it is out of the interval of its own past (the
/// quartiles of samples, or else the extremes of at least three nights) by more than noise.
json compare_nights(const night_result& before, const night_result& after, const past& past);

/// Whether there is something to act on: a change for the worse.
bool is_worse(const json& comparison);

/// For people; says so where nothing has changed.
std::string comparison_text(const json& comparison);

}  // namespace qh
