#include "run/session.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "machine/machine.hpp"
#include "run/engine.hpp"

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

time_point now() {
    return std::chrono::steady_clock::now();
}

std::string random_word() {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    static std::mt19937_64 generator{std::random_device{}()};
    std::uniform_int_distribution<std::size_t> pick(0, letters.size() - 1);
    std::string word;
    for (int i = 0; i < 12; ++i) word += letters[pick(generator)];
    return word;
}

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Carries bytes, replies and times between the machine and the engine, recording on the way.
class session : private machine_listener, private machine_port {
  public:
    session(asio::io_context& context, const scenario& scenario, const machine_spec& spec,
            const session_options& options, const recorder& record,
            const progress_display& progress)
        : scenario_(scenario),
          record_(record),
          progress_(progress),
          keep_file_(options.keep_file),
          engine_(scenario, {options.timeout_multiplier, random_word}, *this,
                  [this](const event& event) { note(event); }),
          machine_(context.get_executor(), spec, *this),
          ticker_(context),
          signals_(context, SIGINT, SIGTERM) {}

    asio::awaitable<verdict> run(const json& description);

  private:
    void on_connected(const qemu_version& version) override {
        note({now(),
              "machine_started",
              {{"pid", machine_.pid()}, {"arguments", machine_.arguments()}}});
        note({now(), "connected", {{"qemu_version", version.text()}}});
        started_ = true;
        engine_.start(now());
        ticker_.cancel();
    }

    void on_console(std::string_view bytes) override {
        const auto when = now();
        record_({when, "console_out", bytes_to_json(bytes)}, bytes);
        engine_.on_console(bytes, when);
        ticker_.cancel();
    }

    void on_console_input(std::string_view bytes) override {
        record_({now(), "console_in", bytes_to_json(bytes)}, bytes);
    }

    void on_channel(std::string_view bytes) override {
        const auto when = now();
        record_({when, "channel_out", bytes_to_json(bytes)}, bytes);
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
        engine_.on_qmp(message, when);
    }

    void on_error_output(std::string_view bytes) override {
        record_({now(), "stderr", bytes_to_json(bytes)}, bytes);
    }

    void send_console(std::string_view bytes) override { machine_.send_console(bytes); }
    void send_channel(std::string_view bytes) override { machine_.send_channel(bytes); }
    std::uint64_t execute(const std::string& command, const json& arguments) override {
        return machine_.execute(command, arguments);
    }
    void stop() override { machine_.stop(); }
    std::string keep_file(const std::string& name, std::string_view content) override {
        return keep_file_(name, content);
    }

    void note(const event& event) {
        record_(event, {});
        progress_(engine_.last_line());
    }

    asio::awaitable<void> keep_time();
    asio::awaitable<void> watch_signals();

    const scenario& scenario_;
    const recorder& record_;
    const progress_display& progress_;
    const std::function<std::string(const std::string&, std::string_view)> keep_file_;
    engine engine_;
    machine machine_;
    asio::steady_timer ticker_;
    asio::signal_set signals_;
    bool started_ = false, ended_ = false;
};

/// Wakes the engine at its deadlines, and at least once a second for QEMU's use of the host. The
/// engine's deadlines move with each chunk of console, so a wait is cut short then.
asio::awaitable<void> session::keep_time() {
    auto next_sample = now();
    while (!ended_) {
        if (now() >= next_sample || (started_ && engine_.needs_usage(now()))) {
            next_sample = now() + 1s;
            engine_.on_cpu_usage(machine_.usage(), now());
            progress_(engine_.last_line());
        }
        const auto due = started_ ? engine_.deadline() : std::nullopt;
        if (due && *due <= now()) engine_.tick(now());
        const auto next = started_ ? engine_.deadline() : std::nullopt;
        ticker_.expires_at(next && *next < next_sample ? *next : next_sample);
        error_code woken;
        co_await ticker_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

asio::awaitable<void> session::watch_signals() {
    while (!ended_) {
        error_code cancelled;
        co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (cancelled || ended_) co_return;
        if (started_)
            engine_.on_interrupt(now());
        else
            machine_.stop();
    }
}

asio::awaitable<verdict> session::run(const json& description) {
    note({now(), "run_started", description});
    const auto began = now();
    const double cpu_before = own_cpu_seconds();
    std::exception_ptr own_fault;
    std::optional<verdict> result;
    bool judged = false;
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, keep_time(), [&](std::exception_ptr cause) {
        if (cause) own_fault = cause;
        if (cause) machine_.stop();
    });
    asio::co_spawn(executor, watch_signals(), asio::detached);
    try {
        const exit_status status = co_await machine_.run();
        note({now(), "machine_ended", {{"signalled", status.signalled}, {"status", status.code}}});
        if (started_) {
            engine_.on_machine_ended(status, now());
            result = engine_.result();
            judged = true;
        } else {
            result = verdict{run_outcome::interrupted, "interrupted before the guest began"};
        }
    } catch (const error& e) {
        if (e.kind() != fault::infrastructure) own_fault = std::current_exception();
        result = verdict{run_outcome::infra_error, e.what()};
    }
    ended_ = true;
    ticker_.cancel();
    signals_.cancel();
    if (own_fault) std::rethrow_exception(own_fault);
    if (!judged) {
        engine_.on_no_machine(now());
        note({now(),
              "verdict",
              {{"outcome", name_of(result->outcome)}, {"reason", result->reason}}});
    }
    note({now(),
          "run_finished",
          {{"cost",
            {{"harness_cpu_s", own_cpu_seconds() - cpu_before},
             {"qemu_cpu_s", to_seconds(machine_.usage().cpu_time)},
             {"host_delay_s", std::chrono::duration<double>(engine_.host_delay()).count()},
             {"wall_s", std::chrono::duration<double>(now() - began).count()}}}}});
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
