#include "matrix/slurm_client.hpp"

#include "base/error.hpp"
#include "process/tool.hpp"

namespace qh {

std::string call_slurm(std::vector<std::string> argv) {
    tool_command command;
    command.argv = std::move(argv);
    command.package = "slurm-client";
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
    } catch (const error& e) {
        return e.what();
    }
}

}  // namespace qh
