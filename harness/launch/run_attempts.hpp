// A scenario run until it passes, or its attempts are used up.
#pragma once

#include "launch/recorded_run.hpp"

namespace qh {

/// Each attempt has its own record; the last one's result speaks for all of them. Only the first
/// uses warm points, and where somebody wants to attach to what did not pass, only the last waits
/// for them. Errors are run_recorded's.
finished_run run_with_retries(const planned_run& run, const run_settings& settings,
                              const run_watch& watch);

}  // namespace qh
