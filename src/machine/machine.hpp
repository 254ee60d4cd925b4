// A running QEMU: started paused, connected, continued, watched, ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string_view>

#include "base/json.hpp"
#include "machine/cpu_properties.hpp"
#include "machine/machine_spec.hpp"
#include "process/child.hpp"
#include "qmp/qmp_session.hpp"

namespace qh {

/// The oldest QEMU whose virt machine is known to do what scenarios need.
inline constexpr qemu_version oldest_qemu{8, 2, 0};

/// Hears what a machine does, in the order in which it happened. An exception from here ends
/// the machine and leaves `machine::run`.
class machine_listener {
  public:
    virtual ~machine_listener() = default;
    /// QEMU lives and takes commands; the guest begins right after this, or goes on from
    /// machine_spec::incoming. `cpu` is empty where QEMU does not tell.
    virtual void on_connected(const qemu_version& version, const cpu_properties& cpu) = 0;
    virtual void on_console(std::string_view bytes) = 0;
    /// The machine was reset, and its guest goes on from there.
    virtual void on_reset() {}
    /// The machine shut down, for a reason of QEMU's (QAPI's ShutdownCause: "guest-shutdown",
    /// "guest-reset", "guest-panic", "host-qmp-quit", …).
    virtual void on_shutdown(const std::string& /*reason*/) {}
    /// The guest stands still from now on, or goes on.
    virtual void on_paused(bool /*paused*/) {}
    /// All that QEMU says on QMP and nobody waits for.
    virtual void on_qmp(const qmp_message& /*message*/) {}
    /// What QEMU wrote to its standard error.
    virtual void on_error_output(std::string_view bytes) = 0;
    /// Bytes are about to go to the console.
    virtual void on_console_input(std::string_view /*bytes*/) {}
    /// The same two for the channel, where the machine has one (machine_spec::channel).
    virtual void on_channel(std::string_view /*bytes*/) {}
    virtual void on_channel_input(std::string_view /*bytes*/) {}
    /// What `save` was asked for is done, or failed for `problem`; the guest stands still until
    /// this returns.
    virtual void on_saved(const std::string& /*problem*/) {}
    /// `ask_position`'s answer: instructions since the recorded guest's start.
    virtual void on_position(std::size_t /*about*/, const json& /*icount*/) {}
};

class machine {
  public:
    /// Nothing is started yet. `listener` must outlive the machine.
    machine(boost::asio::any_io_executor executor, machine_spec spec, machine_listener& listener);
    ~machine();

    /// Starts QEMU and lets the guest run to its end; all output has been told when it returns.
    /// Throws an infrastructure error, with QEMU's own words, where QEMU ends before the guest
    /// could begin, is too old, or cannot restore machine_spec::incoming; a machine_refusal where
    /// it would do so again.
    boost::asio::awaitable<exit_status> run();

    /// Types `bytes` on the guest's console, after what is still under way.
    void send_console(std::string_view bytes);

    /// The same on its channel. A machine without one drops it.
    void send_channel(std::string_view bytes);

    /// Sends a QMP command; the reply comes to the listener with the id returned here.
    std::uint64_t execute(const std::string& command, const json& arguments);

    /// Asks how many instructions a recorded guest has executed; the listener hears of it.
    void ask_position(std::size_t about);

    /// Writes the guest's state to `file` while it stands still (saved_state.hpp), and lets it go
    /// on; the listener hears of it.
    void save(const std::filesystem::path& file);

    /// Ends QEMU: quit, then SIGTERM, then SIGKILL, two seconds apart.
    void stop();

    /// What QEMU has had of the host's CPUs so far; `gone` before it is started.
    process_usage usage() const;

    /// QEMU's process, or 0 before it is started.
    int pid() const;

    /// The command line QEMU was started with.
    const std::vector<std::string>& arguments() const;

  private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

}  // namespace qh
