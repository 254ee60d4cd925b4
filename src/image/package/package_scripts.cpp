#include "image/package/package_scripts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// One that chowns files to a system user needs more users than root.
constexpr std::uint64_t least_ids = 65536;

/// As binfmt_misc wants it: programs of RV64, whichever ABI; P keeps argv[0], F opens the
/// interpreter now, so that it need not be in the tree. \x is binfmt_misc's own.
constexpr const char* rule =
    R"x(:qharness-riscv64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xf3\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:{}:PF)x";

/// Waits for its ids, which make it root, and goes on in namespaces that a program can only be in
/// from its start. Prints its process first.
constexpr const char* wait_for_ids = R"x(echo $$
until read -r ids </proc/self/uid_map; do :; done
exec unshare --net --pid --fork --kill-child sh -euc 'eval "$enter"')x";

/// Where no rule is needed, it is empty.
constexpr const char* mount_and_enter = R"x(if [ "$rule" ]; then
    mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
    printf %s "$rule" >/proc/sys/fs/binfmt_misc/register
fi
if [ "$tree" = / ]; then exit; fi
mkdir -p "$tree/proc" "$tree/dev"
mount -t proc none "$tree/proc"
mount -t tmpfs -o mode=755 none "$tree/dev"
for name in null zero full random urandom; do
    : >"$tree/dev/$name"
    mount --bind "/dev/$name" "$tree/dev/$name"
done
ln -s /proc/self/fd "$tree/dev/fd"
exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true /bin/sh -euc "$configure")x";

/// In the guest's tree. base-passwd's script makes the users that others' need.
constexpr const char* configure = R"x(cd /var/lib/dpkg/info
for script in base-passwd.preinst $(ls | grep '\.preinst$' | grep -v '^base-passwd'); do
    [ -e "$script" ] || continue
    package=${script%.preinst}
    DPKG_MAINTSCRIPT_NAME=preinst DPKG_MAINTSCRIPT_PACKAGE=${package%:*} \
        DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT=1 DPKG_ROOT= "./$script" install
done
exec dpkg --configure -a --force-depends --force-confnew)x";

/// As the lines of a map in user_namespaces(7) that leaves all ids as they are.
std::string same_ids(const char* own_map, std::uint64_t& count) {
    std::istringstream lines(read_file(own_map));
    std::string map;
    count = 0;
    for (std::uint64_t inside = 0, outside = 0, size = 0; lines >> inside >> outside >> size;) {
        map += fmt::format("{} {} {}\n", inside, inside, size);
        count += size;
    }
    return map;
}

void write_map(std::string_view pid, const std::string& name) {
    std::uint64_t count = 0;
    const auto map = same_ids(("/proc/self/" + name).c_str(), count);
    // In one write, as the kernel wants it.
    const fs::path file = fmt::format("/proc/{}/{}", pid, name);
    const unique_fd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || ::write(fd.get(), map.data(), map.size()) != static_cast<ssize_t>(map.size()))
        throw infrastructure_error("cannot write {}: {}", file.string(), system_message(errno));
}

bool is_native() {
#ifdef __riscv
    return true;
#else
    return false;
#endif
}

/// What to register; nothing where RISC-V's programs run as they are.
std::string needed_rule() {
    if (is_native() || fs::exists("/proc/sys/fs/binfmt_misc/qemu-riscv64")) return {};
    return fmt::format(fmt::runtime(rule), find_emulator().string());
}

tool_command in_namespaces(const fs::path& tree, const build_options& options) {
    tool_command command;
    // A failure is told with the arguments, so the scripts are none.
    command.argv = {"unshare", "--user", "--mount", "sh", "-c", R"(eval "$wait_for_ids")"};
    command.environment = {{"wait_for_ids", wait_for_ids},
                           {"enter", mount_and_enter},
                           {"configure", configure},
                           {"tree", tree.string()},
                           {"rule", needed_rule()}};
    command.stop = options.stop;
    return command;
}

/// Runs it; what it prints after its process goes to `on_line`.
void run(tool_command command, const std::function<void(std::string_view)>& on_line) {
    bool is_first = true;
    command.on_line = [&](std::string_view line) {
        if (!std::exchange(is_first, false)) return on_line(line);
        write_map(line, "gid_map");
        write_map(line, "uid_map");
    };
    run_tool(command);
}

void forbid_services(guest_tree& tree) {
    constexpr int action_not_allowed = 101;
    tree.write_file(no_services_file, fmt::format("#!/bin/sh\nexit {}\n", action_not_allowed),
                    0755);
}

}  // namespace

fs::path find_emulator() {
    for (const char* const name : {"qemu-riscv64-static", "qemu-riscv64"})
        if (auto found = find_tool(name); !found.empty()) return found;
    return {};
}

std::optional<std::string> why_no_scripts_here(const recipe& wanted, const build_options& options) {
    std::uint64_t ids = 0;
    same_ids("/proc/self/uid_map", ids);
    if (::geteuid() != 0 || ids < least_ids)
        return fmt::format(
            "scripts give files to system users and so need root, or a user namespace with many "
            "users: unshare --map-auto --map-root-user qharness image build {}",
            printable(wanted.name));
    if (!is_native() && find_emulator().empty())
        return "qemu-riscv64 is missing; install qemu-user-static (Debian 13: qemu-user)";
    try {
        run(in_namespaces("/", options), [](std::string_view) {});
    } catch (const error& e) {
        if (e.kind() != fault::infrastructure) throw;
        return fmt::format(
            "without a Linux of 6.7 or later, qemu-user must be registered for the whole host "
            "(package binfmt-support, or systemd-binfmt): {}",
            e.what());
    }
    return std::nullopt;
}

void check_scripts_architecture(const recipe& wanted) {
    if (wanted.architecture != "riscv64")
        throw usage_error("\"scripts\" are run for riscv64 only, and this image is for {}",
                          printable(wanted.architecture));
}

void check_script_tools(const recipe& wanted, const build_options& options) {
    check_scripts_architecture(wanted);
    if (options.configure_in_guest) return;
    if (const auto why = why_no_scripts_here(wanted, options))
        throw usage_error(
            "the recipe has package scripts run (\"scripts\"), and qemu-user cannot run them here "
            "(a guest can: --scripts guest): {}",
            *why);
}

void check_has_dpkg(const std::vector<package>& disk) {
    if (std::ranges::find(disk, "dpkg", &package::name) == disk.end())
        throw usage_error(
            "\"scripts\" are run by dpkg, which is not among the disk's packages, or is in "
            "\"without\"");
}

void run_package_scripts(std::size_t count, guest_tree& tree, build_phases& phases) {
    forbid_services(tree);
    build_progress progress = {.phase = "scripts", .total = count};
    auto command = in_namespaces(tree.root(), phases.options());
    command.timeout = std::chrono::hours(2);
    run(command, [&](std::string_view line) {
        if (!line.starts_with("Setting up ")) return;
        progress.done = std::min(progress.done + 1, progress.total);
        phases.report(progress);
    });
    fs::remove(tree.root() / no_services_file);
}

void leave_scripts_to_guest(guest_tree& tree) {
    forbid_services(tree);
    tree.write_file(guest_configure_script, configure, 0644);
}

}  // namespace qh
