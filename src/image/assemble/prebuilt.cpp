#include "image/assemble/prebuilt.hpp"

#include <fmt/ranges.h>

#include <vector>

#include "base/error.hpp"
#include "image/assemble/disk.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// The first of `names` that the folder has; empty where it has none.
fs::path first_of(const std::vector<std::string>& names, const fs::path& folder) {
    for (const auto& name : names)
        if (fs::is_regular_file(folder / name)) return folder / name;
    return {};
}

error missing(const std::vector<std::string>& names, const fs::path& folder) {
    return usage_error("{} has none of {}", folder.string(), fmt::join(names, ", "));
}

}  // namespace

std::string take_prebuilt(const prebuilt_recipe& wanted, const fs::path& folder,
                          const fs::path& result, build_phases& phases) {
    const auto kernel = first_of(wanted.kernel, folder);
    const auto initrd = first_of(wanted.initrd, folder);
    const auto disk = first_of(wanted.disk, folder);
    if (kernel.empty()) throw missing(wanted.kernel, folder);
    if (initrd.empty() && disk.empty()) {
        auto either = wanted.initrd;
        either.insert(either.end(), wanted.disk.begin(), wanted.disk.end());
        throw missing(either, folder);
    }
    fs::create_directories(result);
    phases.run("copy", [&] {
        fs::copy_file(kernel, result / "kernel");
        if (!initrd.empty()) fs::copy_file(initrd, result / "initrd");
    });
    if (!initrd.empty()) return {};
    phases.run("disk", [&] {
        const auto raw = result / "disk.raw";
        fs::copy_file(disk, raw);
        compress_disk(raw, result / "disk.qcow2", phases.options());
    });
    return " root=/dev/vda rw";
}

}  // namespace qh
