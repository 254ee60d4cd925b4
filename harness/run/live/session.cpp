#include "run/live/run_session.hpp"

#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "run/live/random_words.hpp"
#include "run/live/session.hpp"

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using namespace std::chrono_literals;

/// As under nohup.
bool is_ignored(int number) {
    struct sigaction current = {};
    return ::sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

}  // namespace

events::attached session::doors_of(const machine_spec& spec) {
    return {spec.gdb_socket.string(), spec.qmp_socket.string()};
}

session::session(asio::io_context& context, const scenario& scenario, const machine_spec& spec,
                 const session_options& options, const recorder& record,
                 const progress_display& progress)
    : executor_(context.get_executor()),
      scenario_(scenario),
      options_(options),
      attach_(options.attach),
      record_(record),
      progress_(progress),
      keep_file_(options.keep_file),
      warm_(options.warm),
      why_not_warm_(warm_ ? warm_->why_not : std::string()),
      seed_(past() ? past()->seed() : random_seed()),
      engine_(scenario_, engine_options_for(seed_), *this,
              [this](const event& event) { note(event); }),
      resumed_end_(context),
      machine_(std::in_place, context.get_executor(), spec, static_cast<machine_listener&>(*this)),
      ticker_(context),
      signals_(context, SIGINT, SIGTERM),
      recorded_(!spec.instruction_log.empty()),
      doors_(doors_of(spec)) {
    if (!is_ignored(SIGHUP)) signals_.add(SIGHUP);
}

engine_options session::engine_options_for(std::uint64_t seed) const {
    auto options = options_.engine;
    options.random_word = random_words(seed);
    return options;
}

void session::on_connected(const qemu_version& version, const cpu_properties& cpu) {
    if (past()) tell_past();
    const auto when = now();
    note({when, events::machine_started{machine_->pid(), machine_->arguments()}});
    note({when, events::connected{version.text(), cpu}});
    if (attach_ == attach_when::at_once) return begin_attaching();
    if (!past()) {
        engine_.on_cpu(cpu, when);
        engine_.start(when);
    }
    started_ = true;
    if (past()) tell_of_warm_point(warm_end::restored, {});
    ticker_.cancel();
}

void session::tell_usage() {
    auto usage = machine_->usage();
    usage.cpu_time += cpu_before_warm_point_;
    const auto when = now();
    record_({when, events::cpu{usage}});
    active().on_cpu_usage(usage, when);
}

void session::tick_if_due() {
    const auto due = started_ ? active().deadline() : std::nullopt;
    const auto when = now();
    if (!due || *due > when) return;
    record_({when, events::tick()});
    active().tick(when);
}

/// Wakes the engine at its deadlines, and at least once a second for QEMU's use of the host. The
/// engine's deadlines move with each chunk of console, so a wait is cut short then.
asio::awaitable<void> session::keep_time() {
    auto next_sample = now();
    while (!ended_ && !attachment_) {
        const bool past_is_told = !past() || started_;
        if ((past_is_told && now() >= next_sample) || (started_ && active().needs_usage(now()))) {
            next_sample = now() + 1s;
            tell_usage();
            progress_(active().last_line());
        }
        tick_if_due();
        const auto next = started_ ? active().deadline() : std::nullopt;
        ticker_.expires_at((next && *next < next_sample ? *next : next_sample) - shift_);
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
        else if (started_ && !judged_)
            interrupt();
        else
            machine_->stop();
    }
}

void session::interrupt() {
    const auto when = now();
    record_({when, events::interrupted()});
    engine_.on_interrupt(when);
}

void session::spawn(asio::awaitable<void> work) {
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr cause) { keep(cause); });
}

/// What goes wrong in us ends the machine; it is thrown once that is gone.
void session::keep(std::exception_ptr fault) {
    if (!fault) return;
    if (!own_fault_) own_fault_ = fault;
    machine_->stop();
}

/// The verdict on a machine that has ended; the engine's, unless nothing was asked of it.
verdict session::judge_end(const exit_status& status, time_point when) {
    if (resumed_ && !attachment_) resumed_->on_machine_ended(status, when);
    if (started_ && !judged_) engine_.on_machine_ended(status, when);
    if (started_) return engine_.result();
    if (!attachment_) return {run_outcome::interrupted, "interrupted before the guest began"};
    if (status.signalled && attachment_->ending() == "the machine ended")
        return {run_outcome::infra_error, "QEMU " + status.text()};
    return {run_outcome::passed, {}};
}

json session::cost() const {
    return {{"harness_cpu_s", std::chrono::duration<double>(own_cpu_time() - cpu_before_).count()},
            {"qemu_cpu_s", to_seconds(machine_->usage().cpu_time)},
            {"host_delay_s", std::chrono::duration<double>(engine_.host_delay()).count()},
            {"wall_s",
             std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count()}};
}

asio::awaitable<verdict> session::run(events::run_started description) {
    description.seed = seed_;
    began_ = now();
    note({began_, std::move(description)});
    cpu_before_ = own_cpu_time();
    std::optional<verdict> result;
    bool judged = false;
    spawn(keep_time());
    spawn(watch_signals());
    try {
        const exit_status status = co_await run_machine();
        note_detached();
        const auto when = now();
        note({when, events::machine_ended{status.signalled, status.code}});
        result = judge_end(status, when);
        judged = started_;
    } catch (const error& e) {
        if (e.kind() != fault::infrastructure) own_fault_ = std::current_exception();
        judged = judged_;
        result = judged ? engine_.result() : verdict{run_outcome::infra_error, e.what()};
    } catch (...) {
        own_fault_ = std::current_exception();
    }
    ended_ = true;
    ticker_.cancel();
    signals_.cancel();
    resumed_end_.expires_at(time_point::min());
    if (attachment_) attachment_->end("a fault");
    if (own_fault_) std::rethrow_exception(own_fault_);
    if (!judged) {
        const auto when = now();
        if (attach_ != attach_when::at_once) {
            record_({when, events::machine_lost()});
            engine_.on_no_machine(when);
        }
        note({when, events::verdict{result->outcome, result->reason}});
    }
    note({now(), events::run_finished{cost_ ? *cost_ : cost()}});
    co_return *result;
}

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
