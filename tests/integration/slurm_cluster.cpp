#include "slurm_cluster.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"

namespace qh::integration {

namespace fs = std::filesystem;

namespace {

constexpr auto longest_start = std::chrono::minutes(2);
constexpr auto look_every = std::chrono::milliseconds(200);

/// Ports that nothing listens at. All are held until the last one is known.
std::vector<unsigned> free_ports(std::size_t count) {
    std::vector<unique_fd> sockets;
    std::vector<unsigned> ports;
    for (std::size_t i = 0; i < count; ++i) {
        sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        socklen_t size = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(sockets.back().get(), any, size) != 0 ||
            ::getsockname(sockets.back().get(), any, &size) != 0)
            throw infrastructure_error("no free port: {}", system_message(errno));
        ports.push_back(ntohs(address.sin_port));
    }
    return ports;
}

std::string short_host_name() {
    std::array<char, 256> name = {};
    ::gethostname(name.data(), name.size() - 1);
    const std::string all = name.data();
    return all.substr(0, all.find('.'));
}

std::string random_key() {
    std::random_device random;
    std::string key;
    for (int i = 0; i < 128; ++i) key += static_cast<char>(random());
    return key;
}

/// A process's environment; empty where it is gone or another user's.
std::string environment_of(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/environ", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string status_of(const std::string& pid, const std::string& field) {
    std::ifstream file("/proc/" + pid + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(field + ":")) return std::string(trim(line.substr(field.size() + 1)));
    return {};
}

}  // namespace

std::string loopback_cluster::missing() {
    for (const auto* program : {"munged", "slurmctld", "slurmd", "sbatch"})
        if (find_tool(program).empty())
            return fmt::format(
                "{} is not installed: apt-get install --no-install-recommends munge slurmctld "
                "slurmd "
                "slurm-client",
                program);
    return {};
}

loopback_cluster::loopback_cluster(fs::path folder, unsigned nodes,
                                   std::chrono::seconds node_timeout)
    : folder_(std::move(folder)) {
    fs::create_directories(folder_ / "state");
    fs::create_directories(folder_ / "spool");
    write_configuration(nodes, node_timeout);
    const auto at = [&](const char* name) { return (folder_ / name).string(); };
    start("munged", {"munged", "--foreground", "--force", "--key-file=" + at("munge.key"),
                     "--socket=" + at("munge.socket"), "--pid-file=" + at("munged.pid"),
                     "--log-file=" + at("munged.log"), "--seed-file=" + at("munge.seed")});
    start("slurmctld", {"slurmctld", "-D", "-f", at("slurm.conf")});
    for (unsigned i = 1; i <= nodes; ++i)
        start(fmt::format("sim{}", i),
              {"slurmd", "-D", "-f", at("slurm.conf"), "-N", fmt::format("sim{}", i)});
    wait_for_nodes(nodes);
}

loopback_cluster::~loopback_cluster() {
    daemons_.clear();
    for (const int pid : processes_of("")) ::kill(pid, SIGKILL);
}

void loopback_cluster::write_configuration(unsigned nodes,
                                           std::chrono::seconds node_timeout) const {
    const auto ports = free_ports(nodes + 1);
    const auto host = short_host_name();
    const auto* const user = ::getpwuid(::getuid());
    auto text = fmt::format(
        R"x(ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
ReturnToService=2
SlurmdTimeout={timeout}
GresTypes=guest
SlurmdParameters=config_overrides
PartitionName=sim Nodes=ALL Default=YES State=UP
)x",
        fmt::arg("host", host), fmt::arg("port", ports[0]),
        fmt::arg("user", user ? user->pw_name : "root"), fmt::arg("folder", folder_.string()),
        fmt::arg("timeout", node_timeout.count()));
    for (unsigned i = 1; i <= nodes; ++i)
        text += fmt::format(
            "NodeName=sim{} NodeHostname={} NodeAddr=127.0.0.1 Port={} CPUs=2 RealMemory=4000 "
            "Gres=guest:2\n",
            i, host, ports[i]);
    write_file_atomically(folder_ / "slurm.conf", text);
    write_file_atomically(folder_ / "gres.conf", "Name=guest Count=2\n");
    write_file_atomically(folder_ / "cgroup.conf", "CgroupPlugin=cgroup/v1\n");
    write_file_atomically(folder_ / "munge.key", random_key());
    fs::permissions(folder_ / "munge.key", fs::perms::owner_read);
}

/// The shell only sends what the daemon says into a file.
void loopback_cluster::start(const std::string& name, const std::vector<std::string>& argv) {
    const auto log = (folder_ / (name + ".out")).string();
    auto words = argv;
    words[0] = require_tool(words[0], "slurmctld").string();
    daemons_.try_emplace(
        name,
        std::vector<std::string>{
            "/bin/sh", "-c", fmt::format("exec {} >{} 2>&1", shell_quote(words), shell_quote(log))},
        folder_, environment(), std::chrono::minutes(30));
}

void loopback_cluster::wait_for_nodes(unsigned nodes) const {
    const auto end = std::chrono::steady_clock::now() + longest_start;
    std::string answer;
    while (std::chrono::steady_clock::now() < end) {
        try {
            answer = call({"sinfo", "--noheader", "--Node", "--format=%N %t"});
        } catch (const error& e) {
            answer = e.what();
        }
        unsigned idle = 0;
        for (const auto line : split_lines(answer)) idle += line.ends_with(" idle") ? 1 : 0;
        if (idle == nodes) return;
        std::this_thread::sleep_for(look_every);
    }
    std::string logs;
    for (const auto& [name, daemon] : daemons_)
        logs +=
            fmt::format("\n{}:\n{}", name, last_lines(read_file(folder_ / (name + ".out")), 10));
    throw infrastructure_error("the cluster does not come up; sinfo: {}{}", answer, logs);
}

std::map<std::string, std::string> loopback_cluster::environment() const {
    return {{"SLURM_CONF", (folder_ / "slurm.conf").string()}};
}

std::string loopback_cluster::call(std::vector<std::string> argv) const {
    tool_command command;
    command.argv = std::move(argv);
    command.environment = environment();
    command.timeout = std::chrono::minutes(1);
    return run_tool(command);
}

void loopback_cluster::kill_node(const std::string& node) {
    daemons_.erase(node);
    for (const int pid : processes_of(node)) ::kill(pid, SIGKILL);
}

/// Those of the node's jobs (of all nodes' where it has no name), and the slurmstepd above each.
std::vector<int> loopback_cluster::processes_of(const std::string& node) const {
    std::vector<int> found;
    const auto ours = "SLURM_CONF=" + (folder_ / "slurm.conf").string() + '\0';
    const auto place =
        node.empty() ? std::string("SLURMD_NODENAME=") : "SLURMD_NODENAME=" + node + '\0';
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto pid = entry.path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        const auto variables = environment_of(pid);
        if (variables.find(ours) == std::string::npos || variables.find(place) == std::string::npos)
            continue;
        found.push_back(std::stoi(pid));
        const auto parent = status_of(pid, "PPid");
        if (status_of(parent, "Name") == "slurmstepd") found.push_back(std::stoi(parent));
    }
    return found;
}

}  // namespace qh::integration
