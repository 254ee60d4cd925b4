// A live session whose console a person takes over.
#include <signal.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "run/events/event_json.hpp"
#include "run/live/random_words.hpp"
#include "run/live/session.hpp"

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
    co_await judge_and_attach();
    while (!ended_ && attachment_ && attachment_->wants_to_go_on()) {
        co_await go_on();
        if (!ended_) co_await hand_console_over();
    }
    machine_->stop();
}

asio::awaitable<void> session::judge_and_attach() {
    if (started_) {
        const auto when = now();
        record_({when, events::judging()});
        engine_.on_machine_ended({}, when);
        judged_ = true;
        if (engine_.result().outcome == run_outcome::interrupted) co_return;
    }
    cost_ = cost();
    signals_.add(SIGQUIT);
    co_await hand_console_over();
}

asio::awaitable<void> session::hand_console_over() {
    detached_ = false;
    const auto step = active().unpassed_step();
    attachment_.emplace(executor_, static_cast<machine_port&>(*this), step.has_value());
    ticker_.cancel();
    note({now(), events::attaching()});
    auto next = doors_;
    if (step) next.step = scenario_.steps[*step].name;
    std::function<void()> attached = [this, next] { note({now(), next}); };
    co_await attachment_->run(started_ ? &active().shell() : nullptr, std::move(attached));
    note_detached();
}

/// Has another engine run the steps from the one that did not pass, and waits for its end.
asio::awaitable<void> session::go_on() {
    // A shell on the second console still serves the engine before.
    scenario_.machine.channel = channel_choice::console;
    const auto before = std::move(resumed_);
    const auto& last = before ? *before : engine_;
    event_sink tell = [this](const event& told) { note({told.when, as_resumed(told.what)}); };
    resumed_ = std::make_unique<engine>(scenario_, engine_options_for(random_seed()),
                                        static_cast<machine_port&>(*this), std::move(tell));
    attachment_.reset();
    spawn(keep_time());
    // It may end before it returns.
    resumed_end_.expires_at(time_point::max());
    resumed_->go_on(last, *last.unpassed_step(), now());
    boost::system::error_code over;
    co_await resumed_end_.async_wait(asio::redirect_error(asio::use_awaitable, over));
    if (!ended_) resumed_->on_machine_ended({}, now());
}

void session::note_detached() {
    if (!attachment_ || std::exchange(detached_, true)) return;
    attachment_->end("the machine ended");
    note({now(), events::detached{attachment_->ending()}});
}

}  // namespace qh
