// When a console has rested, so that what is expected may match its open line.
#pragma once

#include <chrono>
#include <optional>

#include "base/units.hpp"

namespace qh {

/// A prompt rests; what is only passing by does not. What may yet grow has to rest longer.
class console_rest {
  public:
    void on_output(time_point now, bool expecting) {
        last_output_ = now;
        if (expecting) deadline_ = now + brief;
    }

    /// Something is expected from now on: it may stand there already.
    void on_expecting(time_point now) { deadline_ = now; }
    void on_expecting_nothing() { deadline_.reset(); }

    std::optional<time_point> deadline() const { return deadline_; }

    /// Whether the console has rested for long; nothing before `deadline()`.
    std::optional<bool> settle(time_point now) {
        if (!deadline_ || now < *deadline_) return std::nullopt;
        const bool rested_long = now >= last_output_ + long_enough;
        deadline_.reset();
        if (!rested_long) deadline_ = last_output_ + long_enough;
        return rested_long;
    }

  private:
    static constexpr auto brief = std::chrono::milliseconds(100);
    static constexpr auto long_enough = std::chrono::milliseconds(250);

    time_point last_output_{};
    std::optional<time_point> deadline_;
};

}  // namespace qh
