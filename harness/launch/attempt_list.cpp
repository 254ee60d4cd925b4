#include "launch/attempt_list.hpp"

namespace qh {

void attempt_list::add(const verdict& how, const std::string& record) {
    attempts_.push_back({how, record});
}

bool attempt_list::goes_on() const {
    if (attempts_.empty()) return true;
    const auto outcome = attempts_.back().how.outcome;
    return outcome != run_outcome::passed && outcome != run_outcome::interrupted &&
           attempts_.size() <= retries_;
}

std::optional<events::attempts> attempt_list::told() const {
    if (attempts_.size() < 2) return std::nullopt;
    events::attempts told = {json::array(), {}, {}};
    for (const auto& attempt : attempts_)
        told.attempts.push_back({{"outcome", name_of(attempt.how.outcome)},
                                 {"reason", attempt.how.reason},
                                 {"record", attempt.record}});
    if (attempts_.back().how.outcome != run_outcome::passed) return told;
    const auto& before = attempts_[attempts_.size() - 2].how;
    told.outcome = "flaky";
    told.reason = fmt::format("passed at attempt {} (attempt {}: {}: {})", attempts_.size(),
                              attempts_.size() - 1, name_of(before.outcome), before.reason);
    return told;
}

}  // namespace qh
