// What a person at the terminal sees of a run while it goes on.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/colour.hpp"
#include "cli/terminal/console_lines.hpp"
#include "launch/recorded_run.hpp"
#include "run/events/event.hpp"

namespace qh {

/// Prints a line for each step as it ends and, on a terminal, a live line with the time and the
/// guest's last console line while one runs. Everything goes to standard error; guest text is made
/// harmless first.
class progress {
  public:
    /// `verbose`: the guest's console too, line by line.
    explicit progress(bool verbose = false);

    void on_event(const event& event) { on(event.what); }

    /// Redraws the live line, a few times a second at most; where there is no terminal, prints one
    /// every half minute.
    void on_console(std::string_view last_line);

    /// A line that stays.
    void say(const std::string& line);

    /// A line that the next one replaces; on no terminal it stays.
    void show(const std::string& line);

    /// Shows a run; this must outlive it.
    run_watch watch();

  private:
    void erase_live_line();
    void on(const event_data& what);
    void on(const events::step_started& step);
    void on(const events::step_finished& step);
    void on(const events::warm_start& from);
    void on(const events::failure& found);
    void on(const events::error_output& qemu);
    void on(const events::verdict& judged);
    void on(const events::attached& how);
    void on(const events::detached& how);
    void on(const events::resumed& told);
    void say_quietly(const std::string& text);
    void say_console(const std::vector<std::string>& lines);

    painter paint_;
    bool terminal_, verbose_;
    bool live_ = false, attached_ = false;
    std::string step_, verdict_;
    console_lines console_;
    time_point step_began_{}, drawn_{};
};

}  // namespace qh
