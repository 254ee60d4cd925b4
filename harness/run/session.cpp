#include "run/session.hpp"

#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "machine/machine.hpp"
#include "run/attachment.hpp"
#include "run/engine.hpp"
#include "run/random_words.hpp"
#include "run/usage_json.hpp"

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

time_point now() {
    return std::chrono::steady_clock::now();
}

/// As under nohup.
bool is_ignored(int number) {
    struct sigaction current = {};
    return ::sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

/// Carries bytes, replies and times between the machine and the engine, recording on the way.
class session : private machine_listener, private machine_port {
  public:
    session(asio::io_context& context, const scenario& scenario, const machine_spec& spec,
            const session_options& options, const recorder& record,
            const progress_display& progress)
        : executor_(context.get_executor()),
          attach_(options.attach),
          record_(record),
          progress_(progress),
          keep_file_(options.keep_file),
          seed_(random_seed()),
          engine_(scenario, {options.timeout_multiplier, random_words(seed_), options.programs},
                  *this, [this](const event& event) { note(event); }),
          machine_(context.get_executor(), spec, *this),
          ticker_(context),
          signals_(context, SIGINT, SIGTERM) {
        if (!is_ignored(SIGHUP)) signals_.add(SIGHUP);
    }

    asio::awaitable<verdict> run(const json& description);

  private:
    void on_connected(const qemu_version& version) override {
        const auto when = now();
        note({when,
              "machine_started",
              {{"pid", machine_.pid()}, {"arguments", machine_.arguments()}}});
        note({when, "connected", {{"qemu_version", version.text()}}});
        if (attach_ == attach_when::at_once) return begin_attaching();
        started_ = true;
        engine_.start(when);
        ticker_.cancel();
    }

    void on_console(std::string_view bytes) override {
        const auto when = now();
        record_({when, "console_out", bytes_to_json(bytes)}, bytes);
        if (attachment_) return attachment_->on_console(bytes);
        engine_.on_console(bytes, when);
        ticker_.cancel();
    }

    void on_console_input(std::string_view bytes) override {
        record_({now(), "console_in", bytes_to_json(bytes)}, bytes);
    }

    void on_channel(std::string_view bytes) override {
        const auto when = now();
        record_({when, "channel_out", bytes_to_json(bytes)}, bytes);
        if (attachment_) return attachment_->on_channel(bytes);
        engine_.on_channel(bytes, when);
        ticker_.cancel();
    }

    void on_channel_input(std::string_view bytes) override {
        record_({now(), "channel_in", bytes_to_json(bytes)}, bytes);
    }

    void on_qmp(const qmp_message& message) override {
        using kind = enum qmp_message::kind;
        const auto when = now();
        if (message.kind == kind::event || message.kind == kind::reply)
            record_({when,
                     "qmp",
                     {{"event", message.text}, {"id", message.id}, {"data", message.data}}},
                    {});
        if (!attachment_) engine_.on_qmp(message, when);
    }

    void on_error_output(std::string_view bytes) override {
        record_({now(), "stderr", bytes_to_json(bytes)}, bytes);
    }

    void send_console(std::string_view bytes) override { machine_.send_console(bytes); }
    void send_channel(std::string_view bytes) override { machine_.send_channel(bytes); }
    std::uint64_t execute(const std::string& command, const json& arguments) override {
        const auto id = machine_.execute(command, arguments);
        record_({now(), "qmp_in", {{"command", command}, {"arguments", arguments}, {"id", id}}},
                {});
        return id;
    }
    std::string keep_file(const std::string& name, std::string_view content) override {
        return keep_file_(name, content);
    }
    void stop() override {
        record_({now(), "stopping"}, {});
        if (wants_attachment())
            begin_attaching();
        else
            machine_.stop();
    }

    void note(const event& event) {
        record_(event, {});
        progress_(engine_.last_line());
    }

    void tell_usage();
    void tick_if_due();
    asio::awaitable<void> keep_time();
    asio::awaitable<void> watch_signals();
    void interrupt();
    void spawn(asio::awaitable<void> work);
    void keep(std::exception_ptr fault);
    bool wants_attachment() const;
    void begin_attaching();
    asio::awaitable<void> attach();
    void note_detached();
    verdict judge_end(const exit_status& status, time_point when);
    json cost() const;

    asio::any_io_executor executor_;
    attach_when attach_;
    const recorder& record_;
    const progress_display& progress_;
    const std::function<std::string(const std::string&, std::string_view)> keep_file_;
    std::uint64_t seed_;
    engine engine_;
    machine machine_;
    asio::steady_timer ticker_;
    asio::signal_set signals_;
    std::optional<attachment> attachment_;
    std::optional<json> cost_;  ///< when the run was judged, where that was before its end
    std::exception_ptr own_fault_;
    time_point began_{};
    std::chrono::microseconds cpu_before_{};
    bool started_ = false, attaching_ = false, detached_ = false, ended_ = false;
};

void session::tell_usage() {
    const auto usage = machine_.usage();
    const auto when = now();
    record_({when, "cpu", usage_to_json(usage)}, {});
    engine_.on_cpu_usage(usage, when);
}

void session::tick_if_due() {
    const auto due = started_ ? engine_.deadline() : std::nullopt;
    const auto when = now();
    if (!due || *due > when) return;
    record_({when, "tick"}, {});
    engine_.tick(when);
}

/// Wakes the engine at its deadlines, and at least once a second for QEMU's use of the host. The
/// engine's deadlines move with each chunk of console, so a wait is cut short then.
asio::awaitable<void> session::keep_time() {
    auto next_sample = now();
    while (!ended_ && !attachment_) {
        if (now() >= next_sample || (started_ && engine_.needs_usage(now()))) {
            next_sample = now() + 1s;
            tell_usage();
            progress_(engine_.last_line());
        }
        tick_if_due();
        const auto next = started_ ? engine_.deadline() : std::nullopt;
        ticker_.expires_at(next && *next < next_sample ? *next : next_sample);
        error_code woken;
        co_await ticker_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

asio::awaitable<void> session::watch_signals() {
    while (!ended_) {
        error_code cancelled;
        const int number =
            co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (cancelled || ended_) co_return;
        if (attachment_)
            attachment_->end(fmt::format("signal {}", number));
        else if (started_)
            interrupt();
        else
            machine_.stop();
    }
}

void session::interrupt() {
    const auto when = now();
    record_({when, "interrupted"}, {});
    engine_.on_interrupt(when);
}

void session::spawn(asio::awaitable<void> work) {
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr cause) { keep(cause); });
}

/// What goes wrong in us ends the machine; it is thrown once that is gone.
void session::keep(std::exception_ptr fault) {
    if (!fault) return;
    if (!own_fault_) own_fault_ = fault;
    machine_.stop();
}

/// Nobody is attached to a machine that is gone, or after having interrupted the run.
bool session::wants_attachment() const {
    if (attach_ == attach_when::never || machine_.usage().state == process_state::gone)
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
        if (engine_.result().outcome == run_outcome::interrupted) co_return machine_.stop();
    }
    cost_ = cost();
    attachment_.emplace(executor_, static_cast<machine_port&>(*this));
    ticker_.cancel();
    signals_.add(SIGQUIT);
    note({now(), "attaching", json::object()});
    std::function<void()> attached = [this] { note({now(), "attached", json::object()}); };
    co_await attachment_->run(started_ ? &engine_.shell() : nullptr, std::move(attached));
    note_detached();
    machine_.stop();
}

void session::note_detached() {
    if (!attachment_ || std::exchange(detached_, true)) return;
    attachment_->end("the machine ended");
    note({now(), "detached", {{"by", attachment_->ending()}}});
}

/// The verdict on a machine that has ended; the engine's, unless nothing was asked of it.
verdict session::judge_end(const exit_status& status, time_point when) {
    if (started_ && !attachment_) engine_.on_machine_ended(status, when);
    if (started_) return engine_.result();
    if (!attachment_) return {run_outcome::interrupted, "interrupted before the guest began"};
    if (status.signalled && attachment_->ending() == "the machine ended")
        return {run_outcome::infra_error, "QEMU " + status.text()};
    return {run_outcome::passed, {}};
}

json session::cost() const {
    return {{"harness_cpu_s", std::chrono::duration<double>(own_cpu_time() - cpu_before_).count()},
            {"qemu_cpu_s", to_seconds(machine_.usage().cpu_time)},
            {"host_delay_s", std::chrono::duration<double>(engine_.host_delay()).count()},
            {"wall_s", std::chrono::duration<double>(now() - began_).count()}};
}

asio::awaitable<verdict> session::run(const json& description) {
    auto start = description;
    start["seed"] = seed_;
    note({now(), "run_started", std::move(start)});
    began_ = now();
    cpu_before_ = own_cpu_time();
    std::optional<verdict> result;
    bool judged = false;
    spawn(keep_time());
    asio::co_spawn(executor_, watch_signals(), asio::detached);
    try {
        const exit_status status = co_await machine_.run();
        note_detached();
        const auto when = now();
        note({when, "machine_ended", {{"signalled", status.signalled}, {"status", status.code}}});
        result = judge_end(status, when);
        judged = started_;
    } catch (const error& e) {
        if (e.kind() != fault::infrastructure) own_fault_ = std::current_exception();
        judged = started_ && attachment_;
        result = judged ? engine_.result() : verdict{run_outcome::infra_error, e.what()};
    }
    ended_ = true;
    ticker_.cancel();
    signals_.cancel();
    if (attachment_) attachment_->end("a fault");
    if (own_fault_) std::rethrow_exception(own_fault_);
    if (!judged) {
        const auto when = now();
        if (attach_ != attach_when::at_once) {
            record_({when, "machine_lost"}, {});
            engine_.on_no_machine(when);
        }
        note(
            {when, "verdict", {{"outcome", name_of(result->outcome)}, {"reason", result->reason}}});
    }
    note({now(), "run_finished", {{"cost", cost_ ? *cost_ : cost()}}});
    co_return *result;
}

}  // namespace

verdict run_session(const scenario& scenario, const machine_spec& spec,
                    const session_options& options, const recorder& record,
                    const progress_display& progress) {
    asio::io_context context(1);
    session session(context, scenario, spec, options, record, progress);
    std::exception_ptr failure;
    std::optional<verdict> result;
    asio::co_spawn(context, session.run(options.description),
                   [&](std::exception_ptr cause, verdict v) {
                       failure = cause;
                       result = std::move(v);
                   });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return *result;
}

}  // namespace qh
