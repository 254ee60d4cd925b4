// What a shell's exit status tells.
#pragma once

#include <string>

namespace qh {

/// "status 139 (segmentation fault)": a shell's status, explained where it tells of a signal.
std::string status_text(int status);

/// Whether a shell's status tells of a signal that only a fault in the program raises.
bool is_crash(int status);

/// Whether a command that ends the guest was refused. One that ends by a signal was killed by the
/// very shutdown that it began.
bool is_refusal(int status);

}  // namespace qh
