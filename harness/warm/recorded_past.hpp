// A warm point's past, from the journal of the run that was saved.
#pragma once

#include <filesystem>

#include "replay/journal.hpp"
#include "replay/recording.hpp"
#include "run/live/warm_plan.hpp"

namespace qh {

class recorded_past final : public warm_past {
  public:
    /// Of the point in `folder`. Throws a usage error where its journal cannot be used.
    explicit recorded_past(const std::filesystem::path& folder);

    /// Why `what` would not have come where the guest was saved; empty where it would.
    std::string problem_for(const scenario& what) const;

    std::uint64_t seed() const override;
    end tell(engine& engine, time_point began, const recorder& record) override;

    /// When the guest was saved, as a record has it, and how long its run had taken by then.
    std::string saved_at() const;
    double seconds() const { return recorded_.seconds; }

  private:
    recording recorded_;
    journal_reader told_;  ///< open from the first: the point may be given up meanwhile
};

}  // namespace qh
