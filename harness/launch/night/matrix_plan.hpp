// From a matrix's cells to `qharness run`s that can be started.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "launch/image_provider.hpp"
#include "matrix/matrix.hpp"
#include "matrix/night.hpp"

namespace qh {

/// A cell as night.json keeps it: the cell itself, and "file" (its scenario), "settings" (what
/// `--set` gives it), "machine" (options of `qharness run`), "smp", "memory_bytes" and "timeout_s".
std::vector<json> plan_cells(const std::vector<cell>& cells, const matrix& from);

/// From what night.json keeps.
night_cell ready_cell(const json& planned, double expected_seconds);

/// Has `images` build those that the cells need, has QEMU look at each distinct machine, `jobs` at
/// a time, and marks the cells that cannot run with why. `say` gets what QEMU warned of, and the
/// refusals.
void check_before_the_night(std::vector<night_cell>& cells, const std::vector<json>& planned,
                            std::size_t jobs, image_provider& images,
                            const std::function<void(const std::string&)>& say);

}  // namespace qh
