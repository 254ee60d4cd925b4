// How hard to try to fetch an archive's package lists. A mirror in the middle of a sync hands out
// lists that contradict each other for some seconds or minutes.
#pragma once

#include <functional>
#include <optional>

#include "image/progress/build_phases.hpp"

namespace qh {

/// What to do after a failed fetch: try again after `pause`, or, without one, go on with the lists
/// of an earlier fetch or give up.
struct fetch_decision {
    std::optional<Duration> pause;
    bool use_earlier = false;
};

/// The decision after `failed` fetches in a row, one or more; `have_earlier` says whether there
/// are lists from before.
fetch_decision after_failed_fetch(std::size_t failed, const std::vector<Duration>& pauses,
                                  bool have_earlier);

/// Calls `fetch` until it succeeds, with the pauses of `options.fetch_pauses` between, and tells
/// the progress of each failure. Returns too where it still fails but `have_earlier` says that
/// there are lists from before, with a warning in the progress; else throws the last error.
/// Only infrastructure errors are tried again. A stop ends a pause at once.
void fetch_lists(const std::function<void()>& fetch, const std::function<bool()>& have_earlier,
                 build_phases& phases);

}  // namespace qh
