// The warm points on disk: <cache>/warm/<key>/ with `state` (QEMU's), an overlay for each disk, and
// the journal of the run that was saved.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "machine/machine_spec.hpp"

namespace qh {

/// A warm point on its way: its folder is removed again unless it is kept.
class warm_saving {
  public:
    /// Makes `store`/<temporary> with an overlay of each drive. Throws an infrastructure error.
    warm_saving(const std::filesystem::path& store, std::string key, const machine_spec& spec,
                std::uint64_t most_bytes);

    /// The machine with its writes in the overlays.
    machine_spec machine() const;
    std::filesystem::path state() const { return folder_.path() / "point" / "state"; }

    /// With the guest standing still and its state written: copies the overlays and `journal`, and
    /// puts the point in its place, where none is yet. Points used longest ago are given up for it.
    void keep(const std::filesystem::path& journal);

  private:
    std::filesystem::path store_;
    std::string key_;
    machine_spec spec_;
    std::uint64_t most_bytes_;
    temporary_directory folder_;
    unique_fd lock_;  ///< tells a saving in progress from what a killed one has left
};

inline constexpr std::uint64_t most_warm_bytes = 8ull << 30;

class warm_store {
  public:
    /// `folder` need not exist. `most_bytes`: what all points together may take on the disk; the
    /// newest stays in any case.
    explicit warm_store(std::filesystem::path folder, std::uint64_t most_bytes = most_warm_bytes)
        : folder_(std::move(folder)), most_bytes_(most_bytes) {}

    /// The point's folder, noted as used now; none where there is none.
    std::optional<std::filesystem::path> find(const std::string& key) const;
    void remove(const std::string& key) const;

    /// Begins to save a point, and clears away what killed runs have left.
    std::unique_ptr<warm_saving> save(const std::string& key, const machine_spec& spec) const;

    /// `spec` going on from the point in `point`.
    static machine_spec restored(machine_spec spec, const std::filesystem::path& point);

  private:
    std::filesystem::path folder_;
    std::uint64_t most_bytes_;
};

}  // namespace qh
