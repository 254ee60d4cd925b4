// What happens in a run: the spine that journal, terminal and result hang on.
#pragma once

#include <boost/mp11/list.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/units.hpp"
#include "machine/cpu_properties.hpp"
#include "process/cpu_usage.hpp"
#include "scenario/outcome.hpp"

namespace qh {

/// Of the journal's format, as run_started has it ("journal"). 1, which had no number, lacked cpu,
/// tick, interrupted, judging, machine_lost, qmp_in, stopping and the seed. In 2 the engine was
/// told of QMP and asked it for the CPU, and of machine_reset, machine_shutdown and machine_paused
/// there was nothing. Up to 3 commands on the console were executed as they had arrived.
inline constexpr int journal_version = 4;

/// The oldest format that can be replayed.
inline constexpr int oldest_journal = 2;

/// How a "warm" step went on.
enum class warm_end { saved, restored, none };
BOOST_DESCRIBE_ENUM(warm_end, saved, restored, none)

/// The events. A member stands in the journal's line under its own name, one that is nothing is
/// left out, and `type` is the line's "type". scenarios/schema/journal.schema.json says the same to
/// other tools.
namespace events {

/// The line's other members, which stand beside its own.
struct other_members {
    json values = json::object();
};

/// What is told to the engine. Whoever tells it these again, with their times, hears all that it
/// told again.

/// "text", or "base64" where the bytes are no UTF-8. `held`: how many a mask of secrets holds back
/// besides; the next event of the type begins with them, or with the mask.
struct stream {
    std::string bytes;
    std::size_t held = 0;
};

struct console_out : stream {
    static constexpr const char* type = "console_out";
};

struct channel_out : stream {  ///< the guest's second console, where commands run
    static constexpr const char* type = "channel_out";
};

struct connected {  ///< the machine lives, and its guest begins right after this
    static constexpr const char* type = "connected";
    std::string qemu_version;
    std::optional<cpu_properties> cpu = {};  ///< not in format 2
};

struct machine_reset {  ///< the guest goes on from there
    static constexpr const char* type = "machine_reset";
};

struct machine_shutdown {
    static constexpr const char* type = "machine_shutdown";
    std::string reason;  ///< QAPI's ShutdownCause
};

struct machine_paused {
    static constexpr const char* type = "machine_paused";
    bool paused = false;  ///< false: the guest goes on
};

struct machine_ended {
    static constexpr const char* type = "machine_ended";
    bool signalled = false;
    int status = 0;  ///< what it returned, or the signal's number
};

struct machine_lost {  ///< there is no machine that could be judged
    static constexpr const char* type = "machine_lost";
};

/// QEMU's use of the host: {"state", "cpu_ms", "waits": whether the kernel tells of waits, "host":
/// [busy, stolen], "threads": [[id, ran, waited], …]}, in nanoseconds.
struct cpu {
    static constexpr const char* type = "cpu";
    process_usage usage;
};

struct tick {  ///< a deadline of the engine's has come
    static constexpr const char* type = "tick";
};

struct interrupted {  ///< by SIGINT, SIGTERM or SIGHUP
    static constexpr const char* type = "interrupted";
};

struct judging {  ///< before the machine ends, for a person who is to have the console
    static constexpr const char* type = "judging";
};

struct warm_point {  ///< what became of a "warm" step
    static constexpr const char* type = "warm_point";
    warm_end how = warm_end::none;
    std::string reason;        ///< why none
    std::int64_t epoch_s = 0;  ///< the host's time
    std::string entropy;       ///< a random word
};

/// What the engine tells.

struct step_started {
    static constexpr const char* type = "step_started";
    std::size_t index = 0;
    std::string name, kind;
};

struct step_finished {  ///< of steps that never began, too
    static constexpr const char* type = "step_finished";
    std::size_t index = 0;
    std::string name, kind;
    step_outcome outcome = step_outcome::not_run;
    double seconds = 0;
    std::optional<std::string> reason = {};
    std::optional<double> host_delay_s =
        {};                      ///< that the host kept QEMU waiting for a CPU meanwhile
    other_members details = {};  ///< as its kind of step has them

    bool good() const {
        return outcome == step_outcome::passed || outcome == step_outcome::skipped;
    }
};

struct rebooted {  ///< as a step had asked
    static constexpr const char* type = "rebooted";
};

struct facts {  ///< by name, as members of the line
    static constexpr const char* type = "facts";
    std::map<std::string, std::string> by_name;
};

struct measurement {
    static constexpr const char* type = "measurement";
    std::string name, step;
    other_members details = {};  ///< "value", "unit", "samples" and what the guest added
};

struct milestone {  ///< how far the boot is
    static constexpr const char* type = "milestone";
    std::string kind, title;
};

struct failure {  ///< a line of the console tells of one
    static constexpr const char* type = "failure";
    std::string kind, title;
    bool fatal = false;
    std::string line;
    std::string step;                             ///< in progress; empty: none
    std::optional<std::string> host_excuse = {};  ///< why it may be the host's fault
    std::optional<json> explanation = {};
};

struct failure_trace {  ///< the lines that belong to a failure
    static constexpr const char* type = "failure_trace";
    std::string title;
    std::string site;  ///< the function, where known
    std::vector<std::string> lines;
    bool cut = false;
    std::optional<json> explanation = {};  ///< sigill_watch::on_trace's
};

struct isa_warning {  ///< programs that the guest cannot do without need what the CPU lacks
    static constexpr const char* type = "isa_warning";
    std::string text;
    std::optional<std::string> cpu = {};  ///< one that has it all, where one is known
    json programs;
};

struct verdict {  ///< the session's, where there was no machine
    static constexpr const char* type = "verdict";
    run_outcome outcome = run_outcome::infra_error;
    std::string reason;
    std::optional<std::string> excerpt = {};
    std::optional<std::size_t> failures_untold = {};
};

/// What is done to the machine.

struct console_in : stream {
    static constexpr const char* type = "console_in";
};

struct channel_in : stream {
    static constexpr const char* type = "channel_in";
};

struct stopping {  ///< the machine is told to end
    static constexpr const char* type = "stopping";
};

/// What goes on around it.

struct run_started {  ///< the first event
    static constexpr const char* type = "run_started";
    std::string qharness;  ///< its version
    std::optional<int> journal = {};
    std::uint64_t seed = 0;  ///< of the random words in markers
    std::string started;     ///< UTC, RFC 3339
    json replay;             ///< how the engine was set up: describe_for_replay
    json scenario, machine;
    std::optional<json> image = {}, host = {}, again = {};
    std::optional<json> recorded =
        {};  ///< describe_recorded's, of a run instruction by instruction
};

struct warm_start {  ///< the run goes on from a warm point, or could not
    static constexpr const char* type = "warm_start";
    std::optional<std::string> saved = {};  ///< when
    std::optional<double> seconds = {};     ///< that the run had taken by then
    std::optional<std::string> failed = {};
};

struct machine_started {
    static constexpr const char* type = "machine_started";
    int pid = 0;
    std::vector<std::string> arguments;
};

struct step_position {  ///< where in a recorded guest's instructions a step began
    static constexpr const char* type = "step_position";
    std::size_t index = 0;
    json icount;  ///< null: not known
};

struct console_cut {  ///< the console has become too long; nothing more of it is recorded
    static constexpr const char* type = "console_cut";
};

struct channel_cut {
    static constexpr const char* type = "channel_cut";
};

struct error_output : stream {  ///< QEMU's
    static constexpr const char* type = "stderr";
};

struct attaching {  ///< a person is about to get the guest's console
    static constexpr const char* type = "attaching";
};

struct attached {
    static constexpr const char* type = "attached";
    std::string gdb, qmp;                  ///< sockets of QEMU's; empty: none
    std::optional<std::string> step = {};  ///< that can be run again
};

struct detached {
    static constexpr const char* type = "detached";
    std::string by;
};

/// An event of an engine that goes on after a person had the console. It changes no verdict.
struct resumed {
    static constexpr const char* type = "resumed";
    std::string event;           ///< its type
    other_members members = {};  ///< its own
};

struct run_finished {
    static constexpr const char* type = "run_finished";
    json cost;
};

struct attempts {  ///< what all attempts at the scenario come to
    static constexpr const char* type = "attempts";
    json attempts;
    std::optional<std::string> outcome = {},
                               reason = {};  ///< where they say something else than the last
};

struct qmp {  ///< what QEMU says, for the record; in format 2 told to the engine
    static constexpr const char* type = "qmp";
    std::string event;  ///< empty: it is a reply
    std::uint64_t id = 0;
    json data;
    std::optional<std::string> error = {};
};

struct qmp_in {  ///< only in format 2: the engine asked QEMU
    static constexpr const char* type = "qmp_in";
    std::string command;
    json arguments;
    std::uint64_t id = 0;
};

using told_to_engine =
    boost::mp11::mp_list<console_out, channel_out, connected, machine_reset, machine_shutdown,
                         machine_paused, machine_ended, machine_lost, cpu, tick, interrupted,
                         judging, warm_point>;
using told_by_engine =
    boost::mp11::mp_list<step_started, step_finished, rebooted, facts, measurement, milestone,
                         failure, failure_trace, isa_warning, verdict>;
using done_to_machine = boost::mp11::mp_list<console_in, channel_in, stopping>;
using around = boost::mp11::mp_list<run_started, warm_start, machine_started, step_position,
                                    console_cut, channel_cut, error_output, attaching, attached,
                                    detached, resumed, run_finished, attempts, qmp, qmp_in>;

}  // namespace events

using event_data =
    boost::mp11::mp_rename<boost::mp11::mp_append<events::told_to_engine, events::told_by_engine,
                                                  events::done_to_machine, events::around>,
                           std::variant>;

struct event {
    time_point when;
    event_data what;
};

using event_sink = std::function<void(const event&)>;

/// Whether one of `Types` happened.
template <typename Types>
bool is_one_of(const event_data& what) {
    return std::visit(
        []<typename One>(const One&) { return boost::mp11::mp_contains<Types, One>::value; }, what);
}

/// The part of a visitor that has nothing to do about `Types`. Naming them keeps an event that is
/// new from being forgotten: the visitor does not compile without it.
template <typename... Types>
struct passing_over : passing_over<Types>... {
    using passing_over<Types>::operator()...;
};
template <typename Type>
struct passing_over<Type> {
    void operator()(const Type&) const {}
};

}  // namespace qh
