// What a person at the terminal sees of a night.
#pragma once

#include <string>

#include "cli/terminal/colour.hpp"
#include "matrix/night.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// Prints a line for each attempt that ended, with how many of the cells are done, to standard
/// error.
class night_display : public night_listener {
  public:
    night_display(std::size_t cells, std::string today);

    void on_started(const cell& what, std::size_t attempt) override;
    void on_attempt(const cell& what, const cell_attempt& attempt, bool again) override;
    void on_stopped(const std::string& reason) override;
    void on_message(const std::string& text) override;

  private:
    painter paint_;
    std::size_t cells_, done_ = 0;
    std::string today_;
};

/// The night in one line, what did not pass with its reason and record below it, and where all of
/// it is.
std::string night_summary(const night_result& night, const painter& paint);

}  // namespace qh
