#include "matrix/slurm_batch.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view guest = "guest";
/// slurmctld takes scripts of up to 4 MiB.
constexpr std::size_t most_tasks = 1000;
constexpr auto behind_our_limit = std::chrono::minutes(5);

/// The value of a line `Key = value`.
std::string_view setting(std::string_view config, std::string_view key) {
    for (const auto line : split_lines(config)) {
        const auto equals = line.find('=');
        if (equals != std::string_view::npos && trim(line.substr(0, equals)) == key)
            return trim(line.substr(equals + 1));
    }
    return {};
}

/// Whether a list as "gpu,guest" or "guest:8,ansys:2" has the word.
bool lists(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const auto entry = list.substr(0, comma);
        if (entry.substr(0, entry.find_first_of(":=@")) == word) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

std::size_t number_in(std::string_view text, std::size_t otherwise) {
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

constexpr std::string_view script_head = R"x(
attempt() {  # FOLDER LOG SECONDS PROGRAM ARGUMENT...
    folder=$1 log=$2 seconds=$3
    shift 3
    echo "$SLURMD_NODENAME" >>"$folder.nodes" || exit 6
    times=$(wc -l <"$folder.nodes")
    if [ "$times" -gt 1 ]; then folder=$folder.restart-$((times - 1)); fi
    mkdir -p "$folder" || exit 6
    exec >>"$log" 2>&1
    exec timeout --foreground --verbose --signal=KILL "$seconds" "$@" --out "$folder"
}
case $SLURM_ARRAY_TASK_ID in
)x";

}  // namespace

slurm_cluster read_cluster(std::string_view config, std::string_view node_cpus) {
    slurm_cluster cluster;
    if (lists(setting(config, "GresTypes"), guest))
        cluster.guest_option = "--gres=guest:1";
    else if (lists(setting(config, "Licenses"), guest))
        cluster.guest_option = "--licenses=guest:1";
    cluster.longest_array = std::clamp(number_in(setting(config, "MaxArraySize"), most_tasks),
                                       std::size_t{1}, most_tasks);
    for (const auto line : split_lines(node_cpus))
        cluster.most_cpus =
            std::max(cluster.most_cpus, static_cast<unsigned>(number_in(trim(line), 1)));
    return cluster;
}

std::vector<std::string> needs_of(const attempt_order& order, const slurm_cluster& cluster) {
    constexpr std::uint64_t mib = 1u << 20;
    const auto minutes =
        std::chrono::ceil<std::chrono::minutes>(order.longest + behind_our_limit).count();
    std::vector<std::string> needs = {
        "--nodes=1", "--ntasks=1",
        fmt::format("--cpus-per-task={}", std::min(order.load.harts, cluster.most_cpus)),
        fmt::format("--mem={}M", (order.load.memory_bytes + mib - 1) / mib),
        fmt::format("--time={}", minutes)};
    if (!cluster.guest_option.empty()) needs.push_back(cluster.guest_option);
    return needs;
}

std::vector<slurm_batch> make_batches(std::vector<attempt_order> orders,
                                      const slurm_cluster& cluster, unsigned number) {
    std::vector<slurm_batch> batches;
    std::vector<std::vector<std::string>> needs;
    for (auto& order : orders) {
        const auto wanted = needs_of(order, cluster);
        std::size_t at = 0;
        while (at < batches.size() &&
               (needs[at] != wanted || batches[at].attempts.size() == cluster.longest_array))
            ++at;
        if (at == batches.size()) {
            batches.push_back({number++, {}});
            needs.push_back(wanted);
        }
        batches[at].attempts.push_back(std::move(order));
    }
    return batches;
}

std::string job_name(std::string_view night, unsigned batch) {
    return fmt::format("{}.{}", night, batch);
}

std::vector<std::string> submission_of(const slurm_batch& batch, std::string_view night,
                                       const slurm_cluster& cluster, const fs::path& script,
                                       const fs::path& folder) {
    std::vector<std::string> argv = {"sbatch", "--parsable",
                                     "--job-name=" + job_name(night, batch.number),
                                     fmt::format("--array=0-{}", batch.attempts.size() - 1)};
    const auto needs = needs_of(batch.attempts.front(), cluster);
    argv.insert(argv.end(), needs.begin(), needs.end());
    argv.insert(argv.end(),
                {"--requeue", "--output=/dev/null", "--chdir=" + folder.string(), script.string()});
    return argv;
}

std::string script_of(const slurm_batch& batch, std::string_view night) {
    auto script =
        fmt::format("#!/bin/sh\n# {}, written by qharness matrix\n", job_name(night, batch.number));
    script += script_head;
    for (std::size_t i = 0; i < batch.attempts.size(); ++i) {
        const auto& order = batch.attempts[i];
        script += fmt::format("{}) attempt {} {} {:.0f} {} ;;\n", i,
                              shell_quote(fs::absolute(order.folder).string()),
                              shell_quote(fs::absolute(order.log).string()),
                              to_seconds(order.longest), shell_quote(order.argv));
    }
    return script + "esac\n";
}

fs::path nodes_file(const fs::path& attempt_folder) {
    return attempt_folder.string() + ".nodes";
}

fs::path folder_of_restart(const fs::path& attempt_folder, std::size_t times) {
    if (times < 2) return attempt_folder;
    return fmt::format("{}.restart-{}", attempt_folder.string(), times - 1);
}

}  // namespace qh
