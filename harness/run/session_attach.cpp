// A live session whose console a person takes over.
#include <signal.h>

#include <boost/asio/post.hpp>

#include "run/live_session.hpp"

namespace qh {

namespace asio = boost::asio;

/// Nobody is attached to a machine that is gone, or after having interrupted the run.
bool session::wants_attachment() const {
    if (attach_ == attach_when::never || machine_->usage().state == process_state::gone)
        return false;
    const auto outcome = engine_.outcome_so_far();
    if (outcome == run_outcome::interrupted) return false;
    return attach_ == attach_when::judged || outcome != run_outcome::passed;
}

void session::begin_attaching() {
    if (std::exchange(attaching_, true)) return;
    // Later: the engine or the machine is in the middle of something.
    asio::post(executor_, [this] { spawn(attach()); });
}

asio::awaitable<void> session::attach() {
    if (ended_) co_return;
    if (started_) {
        const auto when = now();
        record_({when, "judging"}, {});
        engine_.on_machine_ended({}, when);
        if (engine_.result().outcome == run_outcome::interrupted) co_return machine_->stop();
    }
    cost_ = cost();
    attachment_.emplace(executor_, static_cast<machine_port&>(*this));
    ticker_.cancel();
    signals_.add(SIGQUIT);
    note({now(), "attaching", json::object()});
    std::function<void()> attached = [this] { note({now(), "attached", json::object()}); };
    co_await attachment_->run(started_ ? &engine_.shell() : nullptr, std::move(attached));
    note_detached();
    machine_->stop();
}

void session::note_detached() {
    if (!attachment_ || std::exchange(detached_, true)) return;
    attachment_->end("the machine ended");
    note({now(), "detached", {{"by", attachment_->ending()}}});
}

}  // namespace qh
