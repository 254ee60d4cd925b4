// Colours for a terminal, and for nothing else.
#pragma once

#include <string>

namespace qh {

enum class colour { red, green, yellow, grey };

/// What the environment and the output say together: NO_COLOR (https://no-color.org) goes before
/// CLICOLOR_FORCE (https://bixense.com/clicolors), and that before the kind of output. A variable
/// that is not set is null.
bool wants_colours(const char* no_color, const char* clicolor_force, bool is_terminal);

/// Colours what goes to one descriptor.
class painter {
  public:
    explicit painter(int fd);
    std::string operator()(colour which, const std::string& text) const;

  private:
    bool on_;
};

}  // namespace qh
