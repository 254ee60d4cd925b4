#include "image/disk.hpp"

#include <unistd.h>

#include <vector>

#include "base/error.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// The words that make what follows run as a root that owns our files.
std::vector<std::string> as_root(const build_options& options) {
    if (::geteuid() == 0) return {};
    tool_command probe;
    probe.argv = {"unshare", "-r", "true"};
    probe.package = "util-linux";
    probe.stop = options.stop;
    with_context(
        "a plain user needs user namespaces to make an image whose files belong to root, and this "
        "host refuses them (sysctl kernel.unprivileged_userns_clone=1, or "
        "kernel.apparmor_restrict_unprivileged_userns=0, allows them; or build as root)",
        [&] { run_tool(probe); });
    return {"unshare", "-r"};
}

}  // namespace

void write_disk(const disk_content& content, const fs::path& disk, const fs::path& scratch,
                const build_options& options) {
    const fs::path raw = scratch / "disk.raw";
    tool_command format;
    format.argv = as_root(options);
    // Guests run on a snapshot of the disk, so a journal would only cost time and space.
    for (const std::string& word :
         {std::string("mke2fs"), std::string("-q"), std::string("-t"), std::string("ext4"),
          std::string("-O"), std::string("^has_journal"), std::string("-m"), std::string("0"),
          std::string("-U"), content.uuid, std::string("-E"),
          fmt::format("hash_seed={},root_owner=0:0", content.uuid), std::string("-d"),
          content.tree.string(), raw.string(), fmt::format("{}k", content.size_bytes / 1024)})
        format.argv.push_back(word);
    format.package = "e2fsprogs";
    const std::string time = std::to_string(content.time);
    format.environment = {{"SOURCE_DATE_EPOCH", time}, {"E2FSPROGS_FAKE_TIME", time}};
    format.stop = options.stop;
    run_tool(format);

    tool_command compress;
    compress.argv = {"qemu-img", "convert", "-O", "qcow2", "-c", "-o", "compression_type=zstd",
                     "-W", "-m", std::to_string(std::min(job_count(options), 16u)),
                     raw.string(), disk.string()};
    compress.package = "qemu-utils";
    compress.stop = options.stop;
    run_tool(compress);
    fs::remove(raw);
}

}  // namespace qh
