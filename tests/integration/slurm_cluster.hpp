// A Slurm cluster on the loopback interface: munged, slurmctld and some slurmd, all of this test.
#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "child_program.hpp"

namespace qh::integration {

/// Its state, key and log are in a folder, its ports are free ones; it needs no rights, and ends
/// with the object. Nodes are called sim1, sim2, …; each has two CPUs and room for two guests.
class loopback_cluster {
  public:
    /// What this host lacks for one; empty: nothing.
    static std::string missing();

    /// Returns once all nodes are there. Throws an error with the daemons' logs where they do not
    /// come. A node that does not answer is given up after `node_timeout`.
    loopback_cluster(std::filesystem::path folder, unsigned nodes,
                     std::chrono::seconds node_timeout);
    ~loopback_cluster();

    /// What makes Slurm's commands ask this cluster.
    std::map<std::string, std::string> environment() const;

    /// The standard output of one of Slurm's commands.
    std::string call(std::vector<std::string> argv) const;

    /// Kills the node's slurmd and all that it runs, as when a machine loses its power.
    void kill_node(const std::string& node);

  private:
    void write_configuration(unsigned nodes, std::chrono::seconds node_timeout) const;
    void start(const std::string& name, const std::vector<std::string>& argv);
    void wait_for_nodes(unsigned nodes) const;
    std::vector<int> processes_of(const std::string& node) const;

    std::filesystem::path folder_;
    std::map<std::string, child_program> daemons_;
};

}  // namespace qh::integration
