// What a person at the terminal sees of a run.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "run/event.hpp"

namespace qh {

/// Prints a line for each step as it ends and, on a terminal, a live line with the time and the
/// guest's last console line while one runs. Everything goes to standard error; guest text is made
/// harmless first. Colours only on a terminal, and not where NO_COLOR is set.
class progress {
  public:
    progress();

    void on_event(const event& event);

    /// Redraws the live line, a few times a second at most; where there is no terminal, prints one
    /// every half minute.
    void on_console(std::string_view last_line);

    /// A line that stays.
    void say(const std::string& line);

    /// A line that the next one replaces; on no terminal it stays.
    void show(const std::string& line);

  private:
    void erase_live_line();
    void on_step_finished(const json& step);
    std::string coloured(const char* code, const std::string& text) const;

    bool terminal_, colours_;
    bool live_ = false;
    std::string step_;
    time_point step_began_{}, drawn_{};
};

/// What is printed of a finished run on standard output: verdict, and for a failed one the step,
/// the reason, the console's last lines and where the record is.
std::string summary(const json& result, const std::filesystem::path& directory);

}  // namespace qh
