// A scenario as the engine runs it: parameters resolved, files read, everything checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/units.hpp"
#include "console/console_patterns.hpp"
#include "console/expectation.hpp"
#include "scenario/machine_request.hpp"

namespace qh {

/// What a boot has reached.
enum class boot_state { kernel, init, login, shell };

struct boot_step {
    boot_state until = boot_state::shell;
};

enum class expect_outcome { pass, fail, skip };

/// Which pattern comes first decides. Of matches that begin at the same place the first in the
/// list wins: what fails, then what skips, then what passes.
struct expect_step {
    std::vector<expected_pattern> patterns;
    std::vector<expect_outcome> outcomes;  ///< one for each pattern

    /// The patterns that pass, as `/a/ or /b/`.
    std::string text() const;
};

struct send_step {
    std::string text;  ///< bytes to type, keys already resolved
};

/// A command for the guest's shell, a Python snippet, or the harness's own questions.
struct command_step {
    enum class language { shell, python, facts };
    language language = language::shell;
    std::string code;
    bool stderr_apart = false;
};

/// Answers a getty's and login's questions; ends once a shell answers.
struct login_step {
    std::string user;
    std::string password;  ///< empty: none; one of the scenario's secrets
};

/// A host's file, or a text, for the guest.
struct upload_step {
    std::filesystem::path source;  ///< empty: `content` is from the scenario itself
    std::string to;                ///< path in the guest
    std::string mode;              ///< octal digits
    std::uint64_t size_bytes = 0;
    std::string sha256;
    std::string content;   ///< of what is small enough to be typed
    std::string serial;    ///< of the disk that the machine has it on; empty: none
    std::string unusable;  ///< why there is nothing to upload; empty: there is
};

/// A guest's file for the run's record.
struct download_step {
    std::string from;
    std::string name;  ///< in the run directory's files/
};

/// Records a number that earlier steps have captured.
struct measure_step {};

struct reboot_step {
    boot_state until = boot_state::shell;
};

/// A point from which later runs may start.
struct warm_step {};

struct poweroff_step {};

using step_action =
    std::variant<boot_step, expect_step, send_step, login_step, command_step, upload_step,
                 download_step, measure_step, warm_step, reboot_step, poweroff_step>;

/// What a measured value must keep to.
struct value_limits {
    std::optional<double> at_least, at_most;
};

/// A number to record: one by name, or each JSON line the guest prints.
struct measurement_source {
    bool json_lines = false;
    std::string name;
    std::string value;
    std::string unit;
    std::string better;                          ///< "higher", "lower" or empty
    unsigned warmup = 0, repeats = 1;            ///< how often the step's command runs
    std::map<std::string, value_limits> limits;  ///< by the measurement's name
};

/// How a program tells of its own tests.
enum class result_format { ktap, tap, json_lines };

/// An idle_timeout that is off.
inline constexpr Duration never{0};

struct step {
    std::string name;
    std::string kind;  ///< the key it was written with
    step_action action;
    Duration timeout{};
    Duration idle_timeout = never;  ///< how long the guest may be silent and idle meanwhile
    std::vector<std::string> when;  ///< comparisons; where one is false the step is skipped
    std::vector<std::string> tags;
    bool left_out = false;  ///< by the user's choice of steps
    bool continue_on_failure = false;
    std::optional<int> exit = 0;  ///< the status asked for; none: any
    std::vector<std::string> match;
    std::vector<std::string> not_match;
    std::vector<std::string> match_stderr;
    std::vector<std::string> skip;  ///< where the output matches one, the step is skipped
    std::optional<result_format> parse;
    std::string capture;
    std::vector<std::string> checks;
    std::optional<measurement_source> measure;
};

struct scenario {
    std::string name;
    std::string description;
    std::vector<std::string> tags;
    machine_request machine;
    json parameters = json::object();
    Duration timeout{};
    std::vector<step> steps;
    std::vector<std::string> secrets;  ///< texts that no record may hold
    /// Why the scenario cannot run here though it is right: what the environment lacks.
    std::vector<std::string> unmet;
    /// What to watch for: the shipped patterns with the scenario's own.
    std::shared_ptr<const console_patterns> watched;
    json resolved;  ///< as read, with parameters and files put in: what the run directory keeps
};

}  // namespace qh
