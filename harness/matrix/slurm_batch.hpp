// What Slurm is asked to do: attempts as job arrays.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "matrix/attempt_executor.hpp"

namespace qh {

/// What of a cluster matters here.
struct slurm_cluster {
    std::string guest_option;  ///< of sbatch, where the cluster counts guests; else empty
    unsigned most_cpus = 1;    ///< of any node
    std::size_t longest_array = 1;
};

/// From `scontrol show config`, and the nodes' CPUs as `sinfo --format=%c` tells them. A generic
/// resource or a licence of the name "guest" is what limits guests on a node or in all.
slurm_cluster read_cluster(std::string_view config, std::string_view node_cpus);

/// Attempts that need the same, as one job array: the task I is the I-th.
struct slurm_batch {
    unsigned number = 0;
    std::vector<attempt_order> attempts;
};

/// Orders as few batches, each in the orders' order; the first one's number is `number`.
std::vector<slurm_batch> make_batches(std::vector<attempt_order> orders,
                                      const slurm_cluster& cluster, unsigned number);

/// The name of a batch's job: what finds it again, also after we were killed.
std::string job_name(std::string_view night, unsigned batch);

/// The options of sbatch that say what each attempt needs. More CPUs than any node has are not
/// asked for, as a cell that is too large for a single host runs there too. Slurm's time limit is
/// behind our own, which the script sets: it is coarse.
std::vector<std::string> needs_of(const attempt_order& order, const slurm_cluster& cluster);

/// sbatch's command line for the batch, whose script is in `script`, working in `folder`.
std::vector<std::string> submission_of(const slurm_batch& batch, std::string_view night,
                                       const slurm_cluster& cluster,
                                       const std::filesystem::path& script,
                                       const std::filesystem::path& folder);

/// A POSIX shell's script, each task of which is the same `qharness run` as on one host. What an
/// attempt says goes to its log; the node is added to `nodes_file`; an attempt that Slurm begins
/// again, after its node was lost, has a folder of its own.
std::string script_of(const slurm_batch& batch, std::string_view night);

/// Has a line for each node on which the attempt began.
std::filesystem::path nodes_file(const std::filesystem::path& attempt_folder);

/// Where the attempt's record is, once Slurm has begun it `times` times.
std::filesystem::path folder_of_restart(const std::filesystem::path& attempt_folder,
                                        std::size_t times);

}  // namespace qh
