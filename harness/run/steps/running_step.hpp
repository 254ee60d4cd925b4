// A step in progress.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "run/events/event.hpp"
#include "run/guest/guest.hpp"
#include "scenario/outcome.hpp"

namespace qh {

/// How a step ended, and what is to be told of it.
struct step_end {
    step_outcome outcome = step_outcome::passed;
    run_outcome run = run_outcome::passed;  ///< of the run, where a step that failed decides on it
    std::string reason = {};
    json details = json::object();      ///< for its record
    std::vector<event_data> told = {};  ///< before its end

    static step_end passed(json details = json::object());
    static step_end skipped(std::string reason, json details = json::object());
    static step_end failed(run_outcome run, std::string reason, json details = json::object());
};

/// Owns all that a step of its kind remembers, and says what came of it. Without a clock or I/O
/// but through the guest. An end that is returned is the last call.
class running_step {
  public:
    virtual ~running_step() = default;

    /// The step begins: its conditions hold, and the values that it needs are there.
    virtual void begin(guest&) {}

    /// Does what can be done by now; called after `begin` and after all that the guest does.
    virtual std::optional<step_end> advance(guest& on) = 0;

    /// What `guest::expect` was asked for has come.
    virtual std::optional<step_end> on_match(const expectation::match&, guest&) { return {}; }

    /// The machine was reset. Whether the step had asked for it.
    virtual bool on_reset() { return false; }

    /// What became of the warm point that was asked for: see engine::on_warm_point.
    virtual void on_warm_point(const events::warm_point&, guest&) {}

    /// Since when the guest stands still, so that its time does not count.
    virtual std::optional<time_point> halted_since() const { return {}; }

    /// When `advance` is to be called at the latest.
    virtual std::optional<time_point> deadline(const guest&) const { return {}; }

    /// Ends a step that is out of time, or whose guest is idle, for `reason`; and what it has
    /// begun.
    virtual step_end out_of_time(run_outcome run, std::string reason, guest&);
};

/// The step, ready to begin. It must outlive what is returned.
std::unique_ptr<running_step> make_running(const step& step);

}  // namespace qh
