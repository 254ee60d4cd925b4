// The same work on many items, on a few threads.
#pragma once

#include <cstddef>
#include <functional>

namespace qh {

/// Calls `work(0)` … `work(count - 1)`, begun in this order, on `jobs` threads, and returns when
/// all have ended. The first exception keeps further items from starting and is thrown here.
void parallel_for(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work);

}  // namespace qh
