// What decides whether a run may go on from where another one was saved.
#pragma once

#include <filesystem>
#include <string>

#include "machine/machine_spec.hpp"
#include "run/engine.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// The index of the scenario's "warm" step; none: it has none, or it is left out.
std::optional<std::size_t> warm_step_of(const scenario& what);

/// A file as it is now, without reading it: path, size, inode, times of its last change.
json file_state(const std::filesystem::path& file);

/// A digest of all that has made the guest what it is at its "warm" step: this qharness, QEMU and
/// its whole command line, the files it was given, the steps up to there with the parameters
/// that they may use, and how they were run. Another -cpu would be accepted by QEMU and wrong.
std::string warm_key(const scenario& what, std::size_t warm_step, const machine_spec& spec,
                     const engine_options& options);

}  // namespace qh
