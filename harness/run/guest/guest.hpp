// The guest of a run, as the engine and its steps share it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "console/console_engine.hpp"
#include "run/guest/activity.hpp"
#include "run/guest/boot_watch.hpp"
#include "run/guest/console_rest.hpp"
#include "run/guest/guest_shell.hpp"
#include "run/guest/host_delay.hpp"
#include "run/guest/known_values.hpp"
#include "run/guest/machine_port.hpp"
#include "run/guest/sigill_watch.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// By which rules a guest is driven: of now, or of the journal that is replayed.
struct guest_rules {
    bool checks_commands = true;  ///< before they are executed on the console
    bool lets_login_rest = true;  ///< its question counts once nothing has come behind it

    static guest_rules of_format(int journal_version);
};

/// Its parts, and what they do together. Without I/O, which `machine` does; the caller sets `now`.
struct guest {
    /// The references must outlive this.
    guest(const scenario& what, std::function<std::string()> random_word, guest_rules rules,
          machine_port& machine);

    void type(std::string_view bytes);

    /// Types what the shell has to say on its lines.
    void type_out();

    /// Has the shell execute a command.
    void execute(std::string code);

    /// Waits for one of the patterns on the console, from what has not been looked at on.
    void expect(std::vector<expected_pattern> patterns);
    void expect_nothing();

    /// Lets what is expected match the open line once the console rests.
    void settle();

    /// The machine was reset: nobody is logged in any more, and no interpreter runs.
    void begin_anew();

    std::string filled(std::string_view text) const { return values.filled(text); }

    const scenario& what;
    machine_port& machine;
    time_point now{};
    console_engine console;
    console_rest rest;
    guest_shell shell;
    boot_watch boot;
    qh::activity activity;
    qh::host_delay host_delay;
    known_values values;
    sigill_watch sigill;

  private:
    std::function<std::string()> random_word_;
    guest_rules rules_;
};

}  // namespace qh
