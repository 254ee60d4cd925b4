// Which prompts in a log are the guest's.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "console/shell_prompt.hpp"

namespace qh {

/// A prompt counts as the guest's only behind its kernel, or behind its firmware where the kernel
/// is quiet and the prompt's form leaves no doubt. The shell that the log's tool was started from
/// is known by its prompt before that, and stays the host's. Without I/O, memory is bounded.
class guest_prompts {
  public:
    struct sighting {
        shell_prompt prompt;
        bool proven;  ///< else other text may begin so, too
    };

    /// The console told how far the guest has come: kinds as in the pattern file.
    void on_milestone(std::string_view kind);

    /// Looks at a complete line, or the log's last one that is `open`, as a terminal shows it.
    std::optional<sighting> on_line(std::string_view line, bool open);

  private:
    enum class stage { off, firmware, kernel };
    bool proves_plain(std::string_view line, const shell_prompt& prompt, bool open);

    stage stage_ = stage::off;
    std::set<std::string> hosts_, proven_;  ///< forms of prompts
};

}  // namespace qh
