// Which consoles the kernel prints on, by what it says of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// The kernel enables the consoles that its command line names, of which the last becomes
/// /dev/console, and leaves the one that it began on. No serial line shows what is on a screen.
class kernel_console {
  public:
    /// `said` is "tty0 enabled" or "sbi0 disabled".
    void on_console(std::string_view said) {
        if (!said.ends_with(" enabled")) return;
        const auto name = said.substr(0, said.find(' '));
        constexpr std::string_view screen = "tty";
        const bool is_screen = name.starts_with(screen) && name.size() > screen.size() &&
                               name[screen.size()] >= '0' && name[screen.size()] <= '9';
        if (is_screen)
            screen_ = name;
        else
            has_other_ = true;
    }

    /// The screen's name where no other console was enabled.
    std::optional<std::string> screen_alone() const { return has_other_ ? std::nullopt : screen_; }

  private:
    std::optional<std::string> screen_;
    bool has_other_ = false;
};

}  // namespace qh
