#include "machine/machine.hpp"

#include <signal.h>

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/error_output.hpp"
#include "machine/machine_refusal.hpp"
#include "machine/qemu_process.hpp"
#include "machine/qmp_calls.hpp"
#include "machine/read_to_end.hpp"
#include "machine/rearm_timers.hpp"
#include "machine/recorded_typing.hpp"
#include "machine/saved_state.hpp"
#include "machine/shutdown_plan.hpp"
#include "machine/task_group.hpp"

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;
using local_socket = asio::local::stream_protocol::socket;

namespace {

/// Time QEMU gets from its start to a QMP greeting. A loaded host needs seconds; nothing hangs
/// here but a broken QEMU.
constexpr auto connect_timeout = std::chrono::seconds(60);

/// QEMU's UART writes byte by byte; reading them in handfuls costs a hundredth of the CPU time.
constexpr auto gather_time = std::chrono::milliseconds(1);

/// Once the process is gone: time without anything to read, and all that its pipes get to run dry.
/// A process of its own may hold them open.
constexpr auto drain_rest = std::chrono::seconds(1), longest_drain = std::chrono::seconds(60);

/// Says what to change where QEMU's own words alone do not.
std::string remedy(const std::string& words, const machine_spec& spec) {
    if (words.find("Cannot allocate memory") != std::string::npos)
        return fmt::format("\n(the host cannot give the guest {} MiB: lower --memory)",
                           spec.memory_bytes >> 20);
    return {};
}

}  // namespace

struct machine::implementation {
    implementation(asio::any_io_executor executor, machine_spec spec_, machine_listener& listener_)
        : spec(std::move(spec_)),
          listener(listener_),
          qemu(executor),
          escalation(executor),
          tasks(executor, [this](std::exception_ptr cause) { fail(cause); }),
          calls(executor, [this](const auto& command, const auto& arguments) {
              return execute(command, arguments);
          }) {}

    asio::awaitable<exit_status> run();
    asio::awaitable<void> pump_console();
    asio::awaitable<void> pump_channel();
    asio::awaitable<void> pump_qmp();
    asio::awaitable<void> pump_errors();
    asio::awaitable<void> begin();
    asio::awaitable<void> while_it_lives(asio::awaitable<void> talk);
    asio::awaitable<void> save(std::filesystem::path file);
    asio::awaitable<void> escalate();
    asio::awaitable<void> drain();
    void handle(const qmp_message& message);
    void tell_event(const qmp_message& event);
    asio::awaitable<cpu_properties> properties_of_cpu();
    asio::awaitable<void> tell_position(std::size_t about);
    void write(qemu_line& line, std::string_view bytes);
    void type(std::string_view bytes);
    asio::awaitable<void> type_slowly();
    std::uint64_t execute(const std::string& command, const json& arguments);
    void obey(shutdown_plan::action action);
    void stop();
    void fail(std::exception_ptr cause);

    machine_spec spec;
    machine_listener& listener;
    qemu_process qemu;
    error_output words;
    asio::steady_timer escalation;
    task_group tasks;
    qmp_session session;
    qmp_calls calls;
    shutdown_plan plan;
    recorded_typing keyboard{qemu.console.socket, calls};  ///< where the guest is recorded
    std::string to_type;
    bool typing = false;
    std::exception_ptr failure;
    bool connected = false, continued = false, ended = false;
    std::optional<qemu_version> version;
};

asio::awaitable<exit_status> machine::implementation::run() {
    qemu.start(spec);
    tasks.spawn(pump_console());
    tasks.spawn(pump_channel());
    tasks.spawn(pump_qmp());
    tasks.spawn(pump_errors());
    escalation.expires_after(connect_timeout);
    tasks.spawn(escalate());
    const exit_status status = co_await qemu.process->wait();
    ended = true;
    calls.close();
    escalation.cancel();
    co_await drain();
    qemu.close();
    co_await tasks.wait_until(std::chrono::steady_clock::time_point::max());
    if (failure) std::rethrow_exception(failure);
    if (!continued && !plan.begun()) {
        const auto last = std::string(trim(words.tail()));
        const auto message =
            fmt::format("QEMU {} before the guest began{}{}{}", status.text(),
                        last.empty() ? "" : ":\n", printable(last), remedy(last, spec));
        if (status.signalled || last.empty()) throw infrastructure_error("{}", message);
        throw machine_refusal(message);
    }
    co_return status;
}

/// What QEMU has said is heard to its end, however late we are.
asio::awaitable<void> machine::implementation::drain() {
    using clock = std::chrono::steady_clock;
    const auto deadline = clock::now() + longest_drain;
    do {
        co_await tasks.wait_until(clock::now() + drain_rest);
    } while (!failure && !tasks.empty() && qemu.has_unread() && clock::now() < deadline);
}

void machine::implementation::fail(std::exception_ptr cause) {
    if (!failure) failure = cause;
    stop();
}

asio::awaitable<void> machine::implementation::pump_console() {
    std::array<char, 1 << 16> buffer;
    asio::steady_timer gather(qemu.errors.get_executor());
    for (;;) {
        error_code end;
        co_await qemu.console.socket.async_wait(local_socket::wait_read,
                                                asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        gather.expires_after(gather_time);
        co_await gather.async_wait(asio::redirect_error(asio::use_awaitable, end));
        const auto got = co_await qemu.console.socket.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        if (!failure) listener.on_console({buffer.data(), got});
    }
}

asio::awaitable<void> machine::implementation::pump_channel() {
    co_await read_to_end(qemu.channel.socket, [this](std::string_view bytes) {
        if (!failure) listener.on_channel(bytes);
    });
}

asio::awaitable<void> machine::implementation::pump_qmp() {
    co_await read_to_end(qemu.qmp.socket, [this](std::string_view bytes) {
        std::vector<qmp_message> messages;
        session.feed(bytes, messages);
        for (const auto& message : messages) handle(message);
    });
}

asio::awaitable<void> machine::implementation::pump_errors() {
    const auto tell = [this](const std::string& words) {
        if (!failure && !words.empty()) listener.on_error_output(words);
    };
    co_await read_to_end(qemu.errors, [&](std::string_view bytes) { tell(words.feed(bytes)); });
    tell(words.finish());
}

void machine::implementation::handle(const qmp_message& message) {
    using kind = enum qmp_message::kind;
    if (message.kind == kind::greeting) {
        version = version_of(message);
        if (*version < oldest_qemu)
            throw machine_refusal(fmt::format(
                "{} is version {}, which is too old; qharness needs {}.{} or newer (choose another "
                "with --qemu)",
                spec.qemu, version->text(), oldest_qemu.major, oldest_qemu.minor));
        tasks.spawn(while_it_lives(begin()));
    }
    if (calls.take(message) || failure) return;
    listener.on_qmp(message);
    if (message.kind == kind::event) tell_event(message);
}

/// What QEMU's events mean for a guest.
void machine::implementation::tell_event(const qmp_message& event) {
    try {
        if (event.text == "SHUTDOWN") listener.on_shutdown(event.data.value("reason", ""));
        if (event.text == "RESET" && event.data.value("guest", false)) listener.on_reset();
        if (event.text == "STOP" || event.text == "RESUME")
            listener.on_paused(event.text == "STOP");
    } catch (const json::exception& e) {
        throw infrastructure_error("QEMU's {} on QMP is of another shape: {}",
                                   printable(event.text), e.what());
    }
}

/// A machine whose CPU QEMU does not tell of runs all the same.
asio::awaitable<cpu_properties> machine::implementation::properties_of_cpu() {
    try {
        co_return co_await ask_cpu_properties(calls);
    } catch (const error&) {
        if (ended || calls.closed()) throw;
    }
    co_return cpu_properties();
}

asio::awaitable<void> machine::implementation::tell_position(std::size_t about) {
    const auto answer = co_await calls.call("query-replay");
    if (!failure) listener.on_position(about, answer.value("icount", json()));
}

/// How QEMU ended, or that it was to, tells more than that it did not answer any more.
asio::awaitable<void> machine::implementation::while_it_lives(asio::awaitable<void> talk) {
    try {
        co_await std::move(talk);
    } catch (const error&) {
        if (!ended && !plan.begun()) throw;
    }
}

/// From the greeting to the guest's first instruction.
asio::awaitable<void> machine::implementation::begin() {
    // The greeting comes while QEMU still builds the machine; a reply only when that is done.
    co_await calls.call("qmp_capabilities");
    connected = true;
    const auto cpu = co_await properties_of_cpu();
    const bool forgot_timers = *version < oldest_timer_saving_qemu;
    if (!spec.incoming.empty()) {
        co_await restore_state(calls, spec.incoming);
        if (forgot_timers) {
            const json open_stub = {{"command-line", "gdbserver chardev:gdb"}};
            co_await calls.call("human-monitor-command", open_stub);
            co_await rearm_timers(qemu.stub, spec.harts);
        }
    }
    listener.on_connected(*version, cpu);
    if (!spec.incoming.empty() && forgot_timers) co_await leave_stub(qemu.stub);
    co_await calls.call("cont");
    continued = true;
}

asio::awaitable<void> machine::implementation::save(std::filesystem::path file) {
    std::string problem;
    try {
        co_await save_state(calls, *version, std::move(file));
    } catch (const error& e) {
        problem = e.what();
    }
    if (ended || failure) co_return;
    listener.on_saved(problem);
    co_await calls.call("cont");
}

/// One timer serves both waits: for QMP's greeting, then for the end once that is asked for.
asio::awaitable<void> machine::implementation::escalate() {
    while (!ended) {
        error_code woken;
        co_await escalation.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (ended) co_return;
        if (plan.begun()) {
            obey(plan.tick(std::chrono::steady_clock::now()));
            escalation.expires_at(*plan.deadline());
        } else if (!connected && !woken) {
            fail(std::make_exception_ptr(
                infrastructure_error("QEMU gave no sign of life for {} seconds after its start",
                                     connect_timeout.count())));
        } else if (!woken) {
            escalation.expires_at(asio::steady_timer::time_point::max());
        }
    }
}

void machine::implementation::stop() {
    if (!qemu.process || ended || plan.begun()) return;
    obey(plan.begin(std::chrono::steady_clock::now(), connected));
    escalation.expires_at(*plan.deadline());
}

void machine::implementation::obey(shutdown_plan::action action) {
    switch (action) {
        case shutdown_plan::action::none:
            break;
        case shutdown_plan::action::qmp_quit:
            execute("quit", {});
            break;
        case shutdown_plan::action::terminate:
            qemu.process->signal(SIGTERM);
            break;
        case shutdown_plan::action::kill:
            qemu.process->signal(SIGKILL);
            break;
    }
}

void machine::implementation::write(qemu_line& line, std::string_view bytes) {
    line.queue += bytes;
    if (!std::exchange(line.writing, true)) tasks.spawn(line.write_out());
}

void machine::implementation::type(std::string_view bytes) {
    if (spec.instruction_log.empty() || spec.replays_log) return write(qemu.console, bytes);
    to_type += bytes;
    if (!std::exchange(typing, true)) tasks.spawn(while_it_lives(type_slowly()));
}

asio::awaitable<void> machine::implementation::type_slowly() {
    co_await keyboard.type(to_type);
    typing = false;
}

std::uint64_t machine::implementation::execute(const std::string& command, const json& arguments) {
    std::uint64_t id = 0;
    write(qemu.qmp, session.command(command, arguments, id));
    return id;
}

machine::machine(asio::any_io_executor executor, machine_spec spec, machine_listener& listener)
    : self_(std::make_unique<implementation>(std::move(executor), std::move(spec), listener)) {}

machine::~machine() = default;

asio::awaitable<exit_status> machine::run() {
    return self_->run();
}

void machine::send_console(std::string_view bytes) {
    if (self_->ended) return;
    self_->listener.on_console_input(bytes);
    self_->type(bytes);
}

void machine::send_channel(std::string_view bytes) {
    if (self_->ended || !self_->spec.channel) return;
    self_->listener.on_channel_input(bytes);
    self_->write(self_->qemu.channel, bytes);
}

std::uint64_t machine::execute(const std::string& command, const json& arguments) {
    return self_->execute(command, arguments);
}

void machine::ask_position(std::size_t about) {
    self_->tasks.spawn(self_->while_it_lives(self_->tell_position(about)));
}

void machine::save(const std::filesystem::path& file) {
    self_->tasks.spawn(self_->while_it_lives(self_->save(file)));
}

void machine::stop() {
    self_->stop();
}

process_usage machine::usage() const {
    return self_->qemu.process ? self_->qemu.process->usage() : process_usage{};
}

int machine::pid() const {
    return self_->qemu.process ? self_->qemu.process->pid() : 0;
}

const std::vector<std::string>& machine::arguments() const {
    return self_->qemu.arguments;
}

}  // namespace qh
