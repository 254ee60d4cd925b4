#include "machine/shutdown_plan.hpp"

namespace qh {

shutdown_plan::action shutdown_plan::begin(time_point now, bool qmp_answers) {
    if (begun_) return action::none;
    begun_ = true;
    return take(qmp_answers ? action::qmp_quit : action::terminate, now);
}

shutdown_plan::action shutdown_plan::tick(time_point now) {
    if (!deadline_ || now < *deadline_) return action::none;
    return take(last_ == action::qmp_quit ? action::terminate : action::kill, now);
}

shutdown_plan::action shutdown_plan::take(action next, time_point now) {
    last_ = next;
    deadline_ = now + patience;
    return next;
}

}  // namespace qh
