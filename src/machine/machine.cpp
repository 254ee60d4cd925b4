#include "machine/machine.hpp"

#include <signal.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <exception>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/qmp_calls.hpp"
#include "machine/rearm_timers.hpp"
#include "machine/recorded_typing.hpp"
#include "machine/saved_state.hpp"
#include "machine/shutdown_plan.hpp"
#include "process/descriptor_pair.hpp"

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

/// A device model that warns without end must not fill the host's disk.
constexpr std::size_t most_error_output = 16u << 20;

/// Time the pipes get to run dry once the process is gone.
constexpr auto drain_timeout = std::chrono::seconds(1);

/// Says what to change where QEMU's own words alone do not.
std::string remedy(const std::string& words, const machine_spec& spec) {
    if (words.find("Cannot allocate memory") != std::string::npos)
        return fmt::format("\n(the host cannot give the guest {} MiB: lower --memory)",
                           spec.memory_bytes >> 20);
    return {};
}

/// Our end of one of QEMU's sockets, and what is still to be written to it.
struct line {
    explicit line(asio::any_io_executor executor) : socket(std::move(executor)) {}
    void assign(int fd) { socket.assign(asio::local::stream_protocol(), fd); }

    local_socket socket;
    std::string queue;
    bool writing = false;
};

/// Writes the queue until it is empty; what a dead QEMU does not take is dropped.
asio::awaitable<void> write_out(line& line) {
    while (!line.queue.empty()) {
        const std::string chunk = std::exchange(line.queue, {});
        error_code end;
        co_await asio::async_write(line.socket, asio::buffer(chunk),
                                   asio::redirect_error(asio::use_awaitable, end));
        if (end) break;
    }
    line.writing = false;
}

}  // namespace

struct machine::implementation {
    implementation(asio::any_io_executor executor, machine_spec spec_, machine_listener& listener_)
        : spec(std::move(spec_)),
          listener(listener_),
          console(executor),
          qmp(executor),
          channel(executor),
          stub(executor),
          errors(executor),
          escalation(executor),
          drained(executor),
          calls(executor, [this](const auto& command, const auto& arguments) {
              return execute(command, arguments);
          }) {}

    asio::awaitable<exit_status> run();
    void start();
    asio::awaitable<void> pump_console();
    asio::awaitable<void> pump_channel();
    asio::awaitable<void> pump_qmp();
    asio::awaitable<void> pump_errors();
    void tell_errors(const std::string& words);
    asio::awaitable<void> begin();
    asio::awaitable<void> while_it_lives(asio::awaitable<void> talk);
    asio::awaitable<void> save(std::filesystem::path file);
    asio::awaitable<void> escalate();
    asio::awaitable<void> wait_for_pumps();
    void spawn(asio::awaitable<void> pump);
    void handle(const qmp_message& message);
    void write(line& line, std::string_view bytes);
    void type(std::string_view bytes);
    asio::awaitable<void> type_slowly();
    std::uint64_t execute(const std::string& command, const json& arguments);
    void obey(shutdown_plan::action action);
    void stop();
    void fail(std::exception_ptr cause);

    machine_spec spec;
    machine_listener& listener;
    std::vector<std::string> arguments;
    line console, qmp, channel;
    local_socket stub;  ///< QEMU's gdb stub, where the guest is restored
    asio::posix::stream_descriptor errors;
    asio::steady_timer escalation, drained;
    std::optional<child> process;
    qmp_session session;
    qmp_calls calls;
    shutdown_plan plan;
    recorded_typing keyboard{console.socket, calls};  ///< where the guest is recorded
    std::string to_type;
    bool typing = false;
    std::string error_tail;
    std::size_t error_bytes = 0;
    std::exception_ptr failure;
    int pumps = 0;
    bool connected = false, continued = false, ended = false;
    std::optional<qemu_version> version;
};

void machine::implementation::start() {
    auto console_pair = make_socket_pair();
    auto qmp_pair = make_socket_pair();
    auto channel_pair = make_socket_pair();
    auto error_pipe = make_pipe();
    auto stub_pair = make_socket_pair();
    const machine_channels theirs{console_pair.theirs.get(), qmp_pair.theirs.get(),
                                  channel_pair.theirs.get(), stub_pair.theirs.get()};
    arguments = qemu_arguments(spec, theirs);
    std::vector<int> inherited = {theirs.console, theirs.qmp};
    if (spec.channel) inherited.push_back(theirs.channel);
    if (!spec.incoming.empty()) inherited.push_back(theirs.gdb);
    try {
        process.emplace(errors.get_executor(), arguments, inherited, error_pipe.theirs.get());
    } catch (const error& e) {
        throw infrastructure_error(
            "{}\n(QEMU comes with the package qemu-system-riscv, on Ubuntu qemu-system-misc; "
            "another one is chosen with --qemu)",
            e.what());
    }
    console.assign(console_pair.ours.release());
    qmp.assign(qmp_pair.ours.release());
    channel.assign(channel_pair.ours.release());
    stub.assign(asio::local::stream_protocol(), stub_pair.ours.release());
    errors.assign(error_pipe.ours.release());
}

asio::awaitable<exit_status> machine::implementation::run() {
    start();
    spawn(pump_console());
    spawn(pump_channel());
    spawn(pump_qmp());
    spawn(pump_errors());
    escalation.expires_after(connect_timeout);
    spawn(escalate());
    const exit_status status = co_await process->wait();
    ended = true;
    calls.close();
    escalation.cancel();
    drained.expires_after(drain_timeout);
    co_await wait_for_pumps();
    for (auto* const line : {&console, &qmp, &channel}) line->socket.close();
    errors.close();
    drained.expires_at(asio::steady_timer::time_point::max());
    co_await wait_for_pumps();
    if (failure) std::rethrow_exception(failure);
    if (!continued && !plan.begun()) {
        const auto words = std::string(trim(error_tail));
        throw infrastructure_error("QEMU {} before the guest began{}{}{}", status.text(),
                                   words.empty() ? "" : ":\n", printable(words),
                                   remedy(words, spec));
    }
    co_return status;
}

/// Returns when the last pump has ended or `drained` expires.
asio::awaitable<void> machine::implementation::wait_for_pumps() {
    if (pumps == 0) co_return;
    error_code ignored;
    co_await drained.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void machine::implementation::spawn(asio::awaitable<void> pump) {
    ++pumps;
    asio::co_spawn(errors.get_executor(), std::move(pump), [this](std::exception_ptr cause) {
        if (cause) fail(cause);
        if (--pumps == 0) drained.cancel();
    });
}

void machine::implementation::fail(std::exception_ptr cause) {
    if (!failure) failure = cause;
    stop();
}

asio::awaitable<void> machine::implementation::pump_console() {
    std::array<char, 1 << 16> buffer;
    asio::steady_timer gather(errors.get_executor());
    for (;;) {
        error_code end;
        co_await console.socket.async_wait(local_socket::wait_read,
                                           asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        gather.expires_after(gather_time);
        co_await gather.async_wait(asio::redirect_error(asio::use_awaitable, end));
        const auto got = co_await console.socket.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        if (!failure) listener.on_console({buffer.data(), got});
    }
}

asio::awaitable<void> machine::implementation::pump_channel() {
    std::array<char, 1 << 16> buffer;
    for (;;) {
        error_code end;
        const auto got = co_await channel.socket.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        if (!failure) listener.on_channel({buffer.data(), got});
    }
}

asio::awaitable<void> machine::implementation::pump_qmp() {
    std::array<char, 1 << 14> buffer;
    for (;;) {
        error_code end;
        const auto got = co_await qmp.socket.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return;
        std::vector<qmp_message> messages;
        session.feed({buffer.data(), got}, messages);
        for (const auto& message : messages) handle(message);
    }
}

asio::awaitable<void> machine::implementation::pump_errors() {
    constexpr std::size_t longest_line = 4096;
    std::array<char, 4096> buffer;
    std::string words;
    for (;;) {
        error_code end;
        const auto got = co_await errors.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return tell_errors(words);
        words.append(buffer.data(), got);
        const auto lines = words.size() > longest_line ? words.size() : words.rfind('\n') + 1;
        tell_errors(words.substr(0, lines));
        words.erase(0, lines);
    }
}

/// QEMU writes a message in pieces; the listener gets whole lines.
void machine::implementation::tell_errors(const std::string& words) {
    constexpr std::size_t longest_tail = 8192;
    error_tail += words;
    if (error_tail.size() > longest_tail) error_tail.erase(0, error_tail.size() - longest_tail);
    if (failure || words.empty() || error_bytes > most_error_output) return;
    error_bytes += words.size();
    listener.on_error_output(words);
    if (error_bytes > most_error_output)
        listener.on_error_output(
            "[qharness: cut here, QEMU goes on writing to its standard error]\n");
}

void machine::implementation::handle(const qmp_message& message) {
    using kind = enum qmp_message::kind;
    if (message.kind == kind::greeting) {
        version = version_of(message);
        if (*version < oldest_qemu)
            throw infrastructure_error(
                "{} is version {}, which is too old; qharness needs {}.{} or newer (choose another "
                "with --qemu)",
                spec.qemu, version->text(), oldest_qemu.major, oldest_qemu.minor);
        spawn(while_it_lives(begin()));
    }
    if (!calls.take(message) && !failure) listener.on_qmp(message);
}

/// How QEMU ended tells more than that it did not answer any more.
asio::awaitable<void> machine::implementation::while_it_lives(asio::awaitable<void> talk) {
    try {
        co_await std::move(talk);
    } catch (const error&) {
        if (!ended) throw;
    }
}

/// From the greeting to the guest's first instruction.
asio::awaitable<void> machine::implementation::begin() {
    // The greeting comes while QEMU still builds the machine; a reply only when that is done.
    co_await calls.call("qmp_capabilities");
    connected = true;
    const bool forgot_timers = *version < oldest_timer_saving_qemu;
    if (!spec.incoming.empty()) {
        co_await restore_state(calls, spec.incoming);
        if (forgot_timers) {
            const json open_stub = {{"command-line", "gdbserver chardev:gdb"}};
            co_await calls.call("human-monitor-command", open_stub);
            co_await rearm_timers(stub, spec.harts);
        }
    }
    listener.on_connected(*version);
    if (!spec.incoming.empty() && forgot_timers) co_await leave_stub(stub);
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
    if (!process || ended || plan.begun()) return;
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
            process->signal(SIGTERM);
            break;
        case shutdown_plan::action::kill:
            process->signal(SIGKILL);
            break;
    }
}

void machine::implementation::write(line& line, std::string_view bytes) {
    line.queue += bytes;
    if (!std::exchange(line.writing, true)) spawn(write_out(line));
}

void machine::implementation::type(std::string_view bytes) {
    if (spec.instruction_log.empty() || spec.replays_log) return write(console, bytes);
    to_type += bytes;
    if (!std::exchange(typing, true)) spawn(while_it_lives(type_slowly()));
}

asio::awaitable<void> machine::implementation::type_slowly() {
    co_await keyboard.type(to_type);
    typing = false;
}

std::uint64_t machine::implementation::execute(const std::string& command, const json& arguments) {
    std::uint64_t id = 0;
    write(qmp, session.command(command, arguments, id));
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
    self_->write(self_->channel, bytes);
}

std::uint64_t machine::execute(const std::string& command, const json& arguments) {
    return self_->execute(command, arguments);
}

void machine::save(const std::filesystem::path& file) {
    self_->spawn(self_->while_it_lives(self_->save(file)));
}

void machine::stop() {
    self_->stop();
}

process_usage machine::usage() const {
    return self_->process ? self_->process->usage() : process_usage{};
}

int machine::pid() const {
    return self_->process ? self_->process->pid() : 0;
}

const std::vector<std::string>& machine::arguments() const {
    return self_->arguments;
}

}  // namespace qh
