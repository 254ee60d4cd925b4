#include "matrix/slurm_client.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "process/tool.hpp"

namespace qh {

namespace {

/// Where slurmctld cannot be reached, sbatch ends with the status of a refusal.
constexpr std::array<std::string_view, 6> words_of_absence = {
    "Unable to contact slurm controller",
    "Communication connection failure",
    "Socket timed out on send/recv",
    "Zero Bytes were transmitted or received",
    "in standby mode",
    "Slurm temporarily unable"};

bool is_absence(const std::string& words) {
    return std::ranges::any_of(words_of_absence,
                               [&](auto part) { return words.find(part) != words.npos; });
}

}  // namespace

std::string call_slurm(std::vector<std::string> argv) {
    tool_command command;
    command.argv = std::move(argv);
    command.timeout = std::chrono::minutes(1);
    return run_tool(command);
}

slurm_cluster ask_cluster() {
    return with_context("--executor slurm", [] {
        const auto config = call_slurm({"scontrol", "show", "config"});
        const auto cpus = call_slurm({"sinfo", "--noheader", "--Node", "--format=%c"});
        return read_cluster(config, cpus);
    });
}

std::string refusal_of(const std::vector<std::string>& needs) {
    std::vector<std::string> argv = {"sbatch", "--test-only"};
    argv.insert(argv.end(), needs.begin(), needs.end());
    argv.push_back("--wrap=true");
    try {
        call_slurm(std::move(argv));
        return {};
    } catch (const tool_failure& e) {
        return trim(e.words()).empty() || is_absence(e.words()) ? "" : e.what();
    } catch (const error&) {
        return {};
    }
}

}  // namespace qh
