// The summary of a run, folded from its events.
#pragma once

#include "run/event.hpp"

namespace qh {

/// Builds result.json from nothing but the journal's events.
class result_builder {
  public:
    void on_event(const event& event);

    /// Complete after the verdict; before it, what is known so far.
    const json& result() const { return result_; }

  private:
    json fingerprint() const;

    json result_ = {{"schema", 1},
                    {"outcome", "infra_error"},
                    {"reason", ""},
                    {"steps", json::array()},
                    {"measurements", json::array()},
                    {"failures", json::array()},
                    {"facts", json::object()}};
};

}  // namespace qh
