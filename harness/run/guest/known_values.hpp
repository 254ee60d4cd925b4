// What the steps may ask for by name: captures, parameters, and facts about guest and machine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "console/expectation.hpp"
#include "run/guest/facts.hpp"
#include "scenario/outcome.hpp"
#include "scenario/scenario.hpp"
#include "scenario/step_needs.hpp"

namespace qh {

inline constexpr const char* words_of_left_out = "left out by --filter, --tag or --keep";

class known_values {
  public:
    /// `what` must outlive this.
    explicit known_values(const scenario& what);

    /// Captures go before facts, and these before parameters.
    std::optional<std::string> lookup(std::string_view name) const;

    /// The text with the values of its `{{names}}` put in.
    std::string filled(std::string_view text) const;

    void take(const captures& captured);
    void on_step_ended(std::size_t index, step_outcome outcome) { outcomes_[index] = outcome; }

    /// A name that a step before was to capture.
    struct missing_value {
        std::string why;
        bool was_skipped = false;  ///< that step, which is no fault of the guest's
    };

    /// The first of `names` that has no value though a step before `index` captures it.
    std::optional<missing_value> find_missing(const std::set<std::string>& names,
                                              std::size_t index) const;

    /// QEMU says whether its CPU has the extension.
    void on_extension(const std::string& name, bool has);

    void on_firmware(const std::string& version) { facts_.emplace("machine.opensbi", version); }

    /// Takes over what the guest says of itself (facts_script), and returns all facts.
    const fact_map& add_facts(std::string_view output);

    /// Knows what `before` knew, of the same scenario.
    void go_on_from(const known_values& before);

  private:
    const scenario& what_;
    captures values_;
    capture_sources sources_;
    std::map<std::size_t, step_outcome> outcomes_;  ///< by the step's index
    fact_map facts_;
    std::set<std::string> isa_asked_, isa_offered_;
};

}  // namespace qh
