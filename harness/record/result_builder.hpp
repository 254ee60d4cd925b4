// The summary of a run, folded from its events.
#pragma once

#include "run/events/event.hpp"

namespace qh {

/// Builds result.json from nothing but the journal's events.
class result_builder {
  public:
    void on_event(const event& event);

    /// Complete after the verdict; before it, what is known so far.
    const json& result() const { return result_; }

  private:
    void note(const events::run_started& run);
    void note(const events::step_finished& step);
    void note(const events::failure& found);
    void note(const events::failure_trace& trace);
    void note(const events::verdict& judged);
    void note(const events::attempts& all);
    void note(const events::run_finished& run);
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
