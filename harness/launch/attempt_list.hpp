// The attempts at one scenario: whether to try again, and what all of them say together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/events/event.hpp"
#include "run/judge/verdict.hpp"

namespace qh {

class attempt_list {
  public:
    /// A scenario that does not pass is tried again up to `retries` times.
    explicit attempt_list(unsigned retries) : retries_(retries) {}

    void add(const verdict& how, const std::string& record);

    /// Whether another attempt is due. Who interrupts does not want one.
    bool goes_on() const;

    /// Whether the next attempt is the last there can be.
    bool next_is_last() const { return attempts_.size() == retries_; }

    std::size_t size() const { return attempts_.size(); }
    std::size_t most() const { return std::size_t{retries_} + 1; }

    /// The event "attempts", once there are two: each attempt's outcome, reason and record, and
    /// where the last one passed the outcome "flaky" with its reason.
    std::optional<events::attempts> told() const;

  private:
    struct attempt {
        verdict how;
        std::string record;
    };

    unsigned retries_;
    std::vector<attempt> attempts_;
};

}  // namespace qh
