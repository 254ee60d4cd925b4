// A scenario as the engine runs it: parameters resolved, files read, everything checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/units.hpp"
#include "console/console_patterns.hpp"
#include "scenario/steps/step.hpp"

namespace qh {

/// Where the guest's shell is told commands.
enum class channel_choice {
    automatic,  ///< on the second console where the guest has one
    console,
    virtio  ///< on the second console, or not at all
};

/// The machine as a scenario names it; the command line may override each part.
struct machine_request {
    std::string image;
    std::string qemu = "qemu-system-riscv64";
    std::string cpu = "rv64";
    unsigned harts = 1;
    std::uint64_t memory_bytes = 512u << 20;
    std::filesystem::path kernel;
    std::filesystem::path initrd;
    std::vector<std::filesystem::path> drives;
    std::string append;
    std::string firmware;  ///< as for QEMU's -bios; empty: QEMU's own OpenSBI
    channel_choice channel = channel_choice::automatic;
    std::vector<std::string> extra_arguments;
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
