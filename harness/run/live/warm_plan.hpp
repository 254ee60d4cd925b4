// What a run makes of its scenario's "warm" step, and what it goes on from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "machine/machine_spec.hpp"
#include "run/engine.hpp"

namespace qh {

/// Hears each event before anything is done about it.
using recorder = event_sink;

/// A run up to its warm point, to be told once more to the engine that goes on from there.
class warm_past {
  public:
    virtual ~warm_past() = default;

    /// With which that run's random words were made.
    virtual std::uint64_t seed() const = 0;

    /// When that run's machine was saved.
    struct end {
        time_point when;
        Duration cpu_time{0};  ///< that QEMU had had by then
    };

    /// Tells `engine` what that run's was told, as if that run had begun at `began`; `record` hears
    /// each event first.
    virtual end tell(engine& engine, time_point began, const recorder& record) = 0;
};

struct warm_plan {
    machine_spec machine;           ///< that the run has; where there is a past, its `incoming`
    warm_past* past = nullptr;      ///< none: the guest boots
    std::filesystem::path save_to;  ///< where the guest's state is to be written; empty: nowhere
    std::string why_not;            ///< then, why
    /// The state is in `save_to` and the guest stands still: what else belongs to a warm point.
    std::function<void()> keep;
    events::warm_start origin;  ///< of the past, for the record
    /// QEMU cannot restore the state; the guest boots `cold` instead.
    std::function<void()> forget;
    machine_spec cold;
};

}  // namespace qh
