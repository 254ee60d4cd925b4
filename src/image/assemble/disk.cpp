#include "image/assemble/disk.hpp"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "image/assemble/ext_times.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// mke2fs takes 0, a usual time in tarballs that are made to be reproducible, for no time at all.
std::time_t creation_time(const disk_content& content) {
    return std::max<std::time_t>(content.time, 1);
}

/// What makes a command run as a root that owns our files; nothing where we are root.
std::vector<std::string> root_prefix() {
    if (::geteuid() == 0) return {};
    return {require_tool("unshare"), "-r"};
}

tool_command mke2fs_command(const disk_content& content, const fs::path& raw) {
    tool_command command;
    command.argv = root_prefix();
    const std::string options = fmt::format("hash_seed={},root_owner=0:0", content.uuid);
    const std::string size = fmt::format("{}k", content.size_bytes / 1024);
    // Guests run on a snapshot of the disk, so a journal would only cost time and space.
    const std::vector<std::string> words = {require_tool("mke2fs"),
                                            "-q",
                                            "-t",
                                            "ext4",
                                            "-O",
                                            "^has_journal",
                                            "-m",
                                            "0",
                                            "-U",
                                            content.uuid,
                                            "-E",
                                            options,
                                            "-d",
                                            content.tree,
                                            raw,
                                            size};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    const std::string time = std::to_string(creation_time(content));
    // Two names for one wish: the first is understood from 1.47.1 on.
    command.environment = {{"SOURCE_DATE_EPOCH", time}, {"E2FSPROGS_FAKE_TIME", time}};
    return command;
}

tool_command qemu_img_command(const fs::path& raw, const fs::path& disk, unsigned jobs) {
    constexpr unsigned most_jobs = 16;
    tool_command command;
    // Not -W: the order in which it writes clusters differs from one time to the next.
    command.argv = {"qemu-img",
                    "convert",
                    "-O",
                    "qcow2",
                    "-c",
                    "-o",
                    "compression_type=zstd",
                    "-m",
                    std::to_string(std::min(jobs, most_jobs)),
                    raw,
                    disk};
    return command;
}

void run(tool_command command, const build_options& options) {
    command.stop = options.stop;
    run_tool(command);
}

}  // namespace

void check_disk_tools(const build_options& options) {
    require_tool("mke2fs");
    require_tool("qemu-img");
    tool_command probe;
    probe.argv = root_prefix();
    if (probe.argv.empty()) return;
    probe.argv.push_back("true");
    with_context(
        "a plain user needs user namespaces to make an image whose files belong to root, and this "
        "host refuses them; allow them with sysctl kernel.unprivileged_userns_clone=1 and "
        "kernel.apparmor_restrict_unprivileged_userns=0 (those that exist), or build as root",
        [&] { run(probe, options); });
}

void make_filesystem(const disk_content& content, const fs::path& raw,
                     const build_options& options) {
    run(mke2fs_command(content, raw), options);
    set_volatile_times(raw, creation_time(content));
}

void compress_disk(const fs::path& raw, const fs::path& disk, const build_options& options) {
    run(qemu_img_command(raw, disk, job_count(options)), options);
    fs::remove(raw);
}

}  // namespace qh
