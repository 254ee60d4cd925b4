#include "run/live/handover.hpp"

#include <algorithm>

namespace qh {
namespace {

using namespace std::chrono_literals;

/// Enough for a command that has to be killed; a hung guest costs the person that long.
constexpr auto patience = 12s;

}  // namespace

handover::handover(guest_shell& shell, time_point now)
    : shell_(shell),
      gives_up_(now + patience),
      shell_answered_(shell.ready() || !shell.at_prompt()) {
    if (shell_.at_prompt()) return;
    if (!shell_.ready()) shell_.interrupt(now);
    shell_.leave(now);
}

time_point handover::deadline() const {
    return std::min(gives_up_, shell_.deadline().value_or(gives_up_));
}

}  // namespace qh
