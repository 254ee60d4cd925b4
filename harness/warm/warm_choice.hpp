// Whether a run goes on from a warm point, leaves one, or neither.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "run/judge/verdict.hpp"
#include "run/live/warm_plan.hpp"
#include "warm/recorded_past.hpp"
#include "warm/warm_store.hpp"

namespace qh {

class warm_choice {
  public:
    /// Looks for the point of `what` on `spec` in `store`, and makes ready to leave one where there
    /// is none. `journal` will be the run's. Throws an infrastructure error where the store cannot
    /// be written.
    warm_choice(const warm_store& store, const scenario& what, const machine_spec& spec,
                const engine_options& options, const std::filesystem::path& journal);

    /// Boots, and says why where the scenario has a "warm" step.
    warm_choice(const machine_spec& spec, std::string why_not);

    warm_choice(const warm_choice&) = delete;
    warm_choice& operator=(const warm_choice&) = delete;

    const warm_plan& plan() const { return plan_; }

    /// A point whose guest did not answer, or died, must not spoil the next run too.
    void on_judged(run_outcome outcome);

  private:
    bool go_on_from_point(const scenario& what, const machine_spec& spec);

    std::optional<warm_store> store_;
    std::string key_;
    std::unique_ptr<recorded_past> past_;
    std::unique_ptr<warm_saving> saving_;
    warm_plan plan_;
};

/// Why runs of `what` on `spec` leave no warm point; empty where they do.
std::string why_never_warm(const scenario& what, const machine_spec& spec);

}  // namespace qh
