// The inside of run_session: a live machine and an engine, and what goes between them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/machine.hpp"
#include "run/engine.hpp"
#include "run/live/attachment.hpp"
#include "run/live/qmp_event.hpp"
#include "run/live/run_session.hpp"

namespace qh {

/// Carries bytes, replies and times between the machine and the engine, recording on the way.
class session : private machine_listener, private machine_port {
  public:
    session(boost::asio::io_context& context, const scenario& scenario, const machine_spec& spec,
            const session_options& options, const recorder& record,
            const progress_display& progress);

    boost::asio::awaitable<verdict> run(events::run_started description);

  private:
    void on_connected(const qemu_version& version, const cpu_properties& cpu) override;
    void on_saved(const std::string& problem) override;

    void on_console(std::string_view bytes) override {
        const auto when = now();
        record_({when, events::console_out{{std::string(bytes)}}});
        if (attachment_) return attachment_->on_console(bytes);
        active().on_console(bytes, when);
        ticker_.cancel();
    }

    void on_console_input(std::string_view bytes) override {
        record_({now(), events::console_in{{std::string(bytes)}}});
    }

    void on_channel(std::string_view bytes) override {
        const auto when = now();
        record_({when, events::channel_out{{std::string(bytes)}}});
        if (attachment_) return attachment_->on_channel(bytes);
        if (!resumed_) engine_.on_channel(bytes, when);
        ticker_.cancel();
    }

    void on_channel_input(std::string_view bytes) override {
        record_({now(), events::channel_in{{std::string(bytes)}}});
    }

    void on_reset() override {
        const auto when = now();
        record_({when, events::machine_reset()});
        if (!attachment_) active().on_reset(when);
        ticker_.cancel();
    }

    void on_shutdown(const std::string& reason) override {
        const auto when = now();
        record_({when, events::machine_shutdown{reason}});
        if (!attachment_) active().on_shutdown(reason, when);
    }

    void on_paused(bool paused) override {
        const auto when = now();
        record_({when, events::machine_paused{paused}});
        if (!attachment_) active().on_paused(paused, when);
    }

    void on_qmp(const qmp_message& message) override {
        if (message.kind != qmp_message::kind::greeting) record_({now(), qmp_event(message)});
    }

    void on_position(std::size_t step, const json& icount) override {
        record_({now(), events::step_position{step, icount}});
    }

    void on_error_output(std::string_view bytes) override {
        record_({now(), events::error_output{{std::string(bytes)}}});
    }

    void send_console(std::string_view bytes) override {
        if (!telling_past_) machine_->send_console(bytes);
    }
    void send_channel(std::string_view bytes) override {
        if (!telling_past_) machine_->send_channel(bytes);
    }
    std::string keep_file(const std::string& name, std::string_view content) override {
        return keep_file_(name, content);
    }
    void stop() override {
        record_({now(), events::stopping()});
        if (resumed_) return void(resumed_end_.expires_at(time_point::min()));
        if (wants_attachment())
            begin_attaching();
        else
            machine_->stop();
    }

    void save_warm_point() override;

    void note(const event& event) {
        record_(event);
        // By these a replay of the machine finds where a step began.
        if (const auto* step = std::get_if<events::step_started>(&event.what); step && recorded_)
            machine_->ask_position(step->index);
        progress_(active().last_line());
    }

    time_point now() const { return std::chrono::steady_clock::now() + shift_; }
    warm_past* past() const { return warm_ ? warm_->past : nullptr; }
    void tell_past();
    void tell_of_warm_point(warm_end how, const std::string& reason);
    void tell_usage();
    void tick_if_due();
    boost::asio::awaitable<void> keep_time();
    boost::asio::awaitable<void> watch_signals();
    void interrupt();
    void spawn(boost::asio::awaitable<void> work);
    void keep(std::exception_ptr fault);
    static events::attached doors_of(const machine_spec& spec);
    bool wants_attachment() const;
    void begin_attaching();
    boost::asio::awaitable<void> attach();
    boost::asio::awaitable<void> judge_and_attach();
    boost::asio::awaitable<void> hand_console_over();
    boost::asio::awaitable<void> go_on();
    engine_options engine_options_for(std::uint64_t seed) const;
    engine& active() { return resumed_ ? *resumed_ : engine_; }
    void note_detached();
    verdict judge_end(const exit_status& status, time_point when);
    json cost() const;
    boost::asio::awaitable<exit_status> run_machine();

    boost::asio::any_io_executor executor_;
    scenario scenario_;
    const session_options& options_;
    attach_when attach_;
    const recorder& record_;
    const progress_display& progress_;
    const std::function<std::string(const std::string&, std::string_view)> keep_file_;
    const warm_plan* warm_;
    std::string why_not_warm_;
    std::uint64_t seed_;
    engine engine_;
    std::unique_ptr<engine> resumed_;  ///< goes on where a person let it
    boost::asio::steady_timer resumed_end_;
    std::optional<machine> machine_;
    boost::asio::steady_timer ticker_;
    boost::asio::signal_set signals_;
    bool recorded_;           ///< instruction by instruction
    events::attached doors_;  ///< sockets of QEMU's for a person
    std::optional<attachment> attachment_;
    std::optional<json> cost_;  ///< when the run was judged, where that was before its end
    std::exception_ptr own_fault_;
    time_point began_{};
    /// Where the run goes on from a warm point, its clock does so too.
    std::chrono::nanoseconds shift_{0};
    Duration cpu_before_warm_point_{0};
    std::chrono::microseconds cpu_before_{};
    bool telling_past_ = false;
    bool judged_ = false;  ///< before the machine's end
    bool started_ = false, attaching_ = false, detached_ = false, ended_ = false;
};

}  // namespace qh
