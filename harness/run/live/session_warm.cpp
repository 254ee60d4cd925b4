// A live session at its scenario's "warm" step, or going on from one.
#include <boost/asio/post.hpp>

#include "base/error.hpp"
#include "run/live/random_words.hpp"
#include "run/live/session.hpp"

namespace qh {

namespace asio = boost::asio;

void session::tell_past() {
    record_({began_, warm_->origin});
    telling_past_ = true;
    const auto end = past()->tell(engine_, began_, record_);
    telling_past_ = false;
    cpu_before_warm_point_ = end.cpu_time;
    shift_ = end.when - std::chrono::steady_clock::now();
}

void session::save_warm_point() {
    if (telling_past_) return;
    // Later: the engine is in the middle of something.
    asio::post(executor_, [this] {
        if (ended_) return;
        if (resumed_)
            tell_of_warm_point(warm_end::none, "a person has had the guest's console");
        else if (warm_ && !warm_->save_to.empty())
            machine_->save(warm_->save_to);
        else
            tell_of_warm_point(warm_end::none, why_not_warm_);
    });
}

void session::on_saved(const std::string& problem) {
    if (!problem.empty()) return tell_of_warm_point(warm_end::none, problem);
    try {
        warm_->keep();
        tell_of_warm_point(warm_end::saved, {});
    } catch (const error& e) {
        tell_of_warm_point(warm_end::none, e.what());
    }
}

void session::tell_of_warm_point(warm_end how, const std::string& reason) {
    using namespace std::chrono;
    const auto epoch = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    const events::warm_point told = {how, reason, epoch, random_words(random_seed())()};
    const auto when = now();
    record_({when, told});
    active().on_warm_point(told, when);
    ticker_.cancel();
}

/// Boots where the warm point is none.
asio::awaitable<exit_status> session::run_machine() {
    std::string problem;
    try {
        co_return co_await machine_->run();
    } catch (const error& e) {
        if (!past() || started_ || e.kind() != fault::infrastructure) throw;
        problem = e.what();
    }
    note({now(), events::warm_start{.failed = problem}});
    warm_->forget();
    machine_.emplace(executor_, warm_->cold, static_cast<machine_listener&>(*this));
    doors_ = doors_of(warm_->cold);
    warm_ = nullptr;
    why_not_warm_ = "the one that there was could not be restored";
    co_return co_await machine_->run();
}

}  // namespace qh
