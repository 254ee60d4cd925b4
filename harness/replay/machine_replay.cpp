#include "replay/machine_replay.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fstream>

#include "base/error.hpp"
#include "machine/machine.hpp"
#include "record/recorded_spec.hpp"

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto longest_standstill = std::chrono::seconds(30);
constexpr auto longest_answer = std::chrono::seconds(1);
constexpr auto longest_end = std::chrono::seconds(3);
/// Where the guest gets on by itself.
constexpr auto between_answers = std::chrono::milliseconds(2);

std::string qemu_version_of(const recording& recorded) {
    journal_reader reader(recorded.journal());
    while (const auto entry = reader.next())
        if (const auto* machine = std::get_if<events::connected>(&entry->told.what))
            return machine->qemu_version;
    throw usage_error("in {} QEMU never began", recorded.folder.string());
}

/// QEMU writes the log's head last.
void check_log(const std::filesystem::path& log) {
    std::ifstream file(log, std::ios::binary);
    std::array<char, 4> version{};
    if (!file) throw usage_error("{} cannot be read", log.string());
    if (!file.read(version.data(), version.size()) || version == std::array<char, 4>{})
        throw infrastructure_error(
            "{} has no end: the QEMU that recorded it was killed, so it cannot be replayed",
            log.string());
}

/// Holds the guest's console against the recorded one, and watches that it gets on.
class machine_replay final : private machine_listener {
  public:
    machine_replay(asio::io_context& context, const recording& recorded, machine_spec spec,
                   const machine_replay_options& options)
        : options_(options),
          recorded_version_(qemu_version_of(recorded)),
          recorded_console_(recorded.folder / "console.log", std::ios::binary),
          qemu_(spec.qemu),
          machine_(context.get_executor(), std::move(spec), *this),
          clock_(context),
          signals_(context, SIGINT, SIGTERM) {}

    asio::awaitable<machine_replay_outcome> run();

  private:
    void on_connected(const qemu_version& version, const cpu_properties&) override;
    void on_console(std::string_view bytes) override;
    void on_shutdown(const std::string& reason) override;
    void on_paused(bool paused) override;
    void on_qmp(const qmp_message& message) override;
    void on_error_output(std::string_view) override {}

    asio::awaitable<void> watch();
    void tell_progress();
    asio::awaitable<void> end_of_qemu();
    asio::awaitable<void> pause(std::chrono::milliseconds longest);
    asio::awaitable<void> watch_signals();

    const machine_replay_options& options_;
    std::string recorded_version_;
    std::ifstream recorded_console_;
    std::string qemu_;
    machine machine_;
    asio::steady_timer clock_;
    asio::signal_set signals_;
    machine_replay_outcome outcome_;
    std::uint64_t instructions_ = 0;
    std::uint64_t question_ = 0;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point got_on_ = began_, told_ = began_;
    std::exception_ptr fault_;
    bool stopped_ = false;  ///< by a breakpoint, of ours or of gdb
    bool interrupted_ = false, shut_down_ = false, ended_ = false;
};

void machine_replay::on_connected(const qemu_version& version, const cpu_properties&) {
    if (version.text() != recorded_version_)
        throw usage_error("{} is version {}, but {} recorded this guest", qemu_, version.text(),
                          recorded_version_);
    if (options_.stop_at) machine_.execute("replay-break", {{"icount", *options_.stop_at}});
    asio::co_spawn(clock_.get_executor(), watch(), [this](std::exception_ptr cause) {
        if (!cause) return;
        fault_ = cause;
        machine_.stop();
    });
}

void machine_replay::on_console(std::string_view bytes) {
    got_on_ = std::chrono::steady_clock::now();
    if (outcome_.difference) return;
    std::string recorded(bytes.size(), '\0');
    recorded_console_.read(recorded.data(), static_cast<std::streamsize>(recorded.size()));
    recorded.resize(static_cast<std::size_t>(recorded_console_.gcount()));
    const auto [mine, theirs] = std::ranges::mismatch(recorded, bytes);
    outcome_.console_bytes += static_cast<std::size_t>(mine - recorded.begin());
    if (theirs == bytes.end()) return;
    outcome_.difference = {outcome_.console_bytes, std::string(mine, recorded.end()),
                           std::string(theirs, bytes.end())};
    machine_.stop();
}

void machine_replay::on_shutdown(const std::string&) {
    shut_down_ = true;
    clock_.cancel();
}

void machine_replay::on_paused(bool paused) {
    stopped_ = paused;
    clock_.cancel();
    if (!stopped_ || shut_down_ || !options_.stop_at || outcome_.stopped_at) return;
    outcome_.stopped_at = *options_.stop_at;
    options_.stopped();
}

void machine_replay::on_qmp(const qmp_message& message) {
    if (message.kind != qmp_message::kind::reply || message.id != question_) return;
    instructions_ = message.data.value("icount", std::uint64_t{0});
    clock_.cancel();
}

/// While it recorded, QEMU's main loop went round whenever it was woken, and each round is in the
/// log. Only a woken one goes round in a replay, so an idle guest gets on by being asked.
asio::awaitable<void> machine_replay::watch() {
    while (!ended_ && !shut_down_) {
        if (stopped_) {
            co_await pause(longest_answer);
            got_on_ = std::chrono::steady_clock::now();
            continue;
        }
        const auto before = instructions_;
        question_ = machine_.execute("query-replay", json::object());
        co_await pause(longest_answer);
        tell_progress();
        if (instructions_ != before) {
            got_on_ = std::chrono::steady_clock::now();
            co_await pause(between_answers);
        } else if (std::chrono::steady_clock::now() - got_on_ >= longest_standstill) {
            throw infrastructure_error(
                "the replay stands still at instruction {}, behind {} bytes of the same console: "
                "the record is damaged, or this QEMU is not the one that recorded it",
                instructions_, outcome_.console_bytes);
        }
    }
    co_await end_of_qemu();
}

/// QEMU may wait forever for the end of a command that came while it shut down.
asio::awaitable<void> machine_replay::end_of_qemu() {
    const auto deadline = std::chrono::steady_clock::now() + longest_end;
    while (!ended_ && std::chrono::steady_clock::now() < deadline) co_await pause(longest_end);
    machine_.stop();
}

void machine_replay::tell_progress() {
    const auto now = std::chrono::steady_clock::now();
    if (ended_ || stopped_ || now - told_ < std::chrono::seconds(1)) return;
    told_ = now;
    options_.progress(instructions_, std::chrono::duration<double>(now - began_).count());
}

/// Shorter where an answer comes, or the guest stops, goes on or ends.
asio::awaitable<void> machine_replay::pause(std::chrono::milliseconds longest) {
    clock_.expires_after(longest);
    error_code cancelled;
    co_await clock_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

asio::awaitable<void> machine_replay::watch_signals() {
    error_code cancelled;
    co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (cancelled) co_return;
    interrupted_ = true;
    machine_.stop();
}

asio::awaitable<machine_replay_outcome> machine_replay::run() {
    asio::co_spawn(clock_.get_executor(), watch_signals(), asio::detached);
    std::exception_ptr failure;
    exit_status status;
    try {
        status = co_await machine_.run();
    } catch (...) {
        failure = std::current_exception();
    }
    ended_ = true;
    clock_.cancel();
    signals_.cancel();
    if (fault_) std::rethrow_exception(fault_);
    if (interrupted_ && !outcome_.stopped_at) throw error(fault::interrupted, "interrupted");
    if (failure) std::rethrow_exception(failure);
    const bool ended_by_us = outcome_.stopped_at || outcome_.difference;
    if (!status.clean() && !shut_down_ && !ended_by_us)
        throw infrastructure_error("QEMU {} behind {} bytes of the same console", status.text(),
                                   outcome_.console_bytes);
    char next = 0;
    if (!ended_by_us && recorded_console_.get(next))
        outcome_.difference = {outcome_.console_bytes, std::string(1, next), ""};
    co_return outcome_;
}

}  // namespace

std::uint64_t position_of_step(const recording& recorded, const std::string& step) {
    journal_reader reader(recorded.journal());
    std::optional<std::size_t> wanted;
    while (const auto entry = reader.next()) {
        const auto& what = entry->told.what;
        if (const auto* began = std::get_if<events::step_started>(&what); began && !wanted)
            if (began->name == step || std::to_string(began->index + 1) == step)
                wanted = began->index;
        const auto* position = std::get_if<events::step_position>(&what);
        if (position && wanted == position->index && position->icount.is_number_unsigned())
            return std::max<std::uint64_t>(1, position->icount.get<std::uint64_t>());
    }
    if (wanted)
        throw usage_error("{} does not say where step {} began", recorded.folder.string(), step);
    throw usage_error("in {} no step {} began", recorded.folder.string(), step);
}

machine_replay_outcome replay_machine(const recording& recorded,
                                      const machine_replay_options& options) {
    if (!recorded.run || !recorded.run->recorded)
        throw usage_error("{} has no record of the machine; make one with: qharness run --record",
                          recorded.folder.string());
    auto spec = machine_to_replay(*recorded.run->recorded, recorded.folder);
    check_log(spec.instruction_log);
    if (options.stop_at) spec.gdb_socket = options.gdb_socket;
    asio::io_context context(1);
    machine_replay replay(context, recorded, std::move(spec), options);
    std::exception_ptr failure;
    machine_replay_outcome outcome;
    asio::co_spawn(context, replay.run(), [&](std::exception_ptr cause, machine_replay_outcome o) {
        failure = cause;
        outcome = std::move(o);
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return outcome;
}

}  // namespace qh
