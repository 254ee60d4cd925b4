// The machine that a scenario asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "machine/machine_config.hpp"

namespace qh {

/// Where the guest's shell is told commands.
enum class channel_choice {
    automatic,  ///< on the second console where the guest has one
    console,
    virtio  ///< on the second console, or not at all
};

/// "auto", "console" or "virtio".
std::string_view name_of(channel_choice choice);
std::optional<channel_choice> channel_named(std::string_view name);

/// The machine as a scenario names it; the command line may override each part.
struct machine_request : machine_config {
    std::string image;  ///< whose kernel, initrd and disk the machine gets; empty: its own files
    channel_choice channel = channel_choice::automatic;
};

}  // namespace qh
