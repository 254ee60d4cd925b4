#include "image/assemble/image_builder.hpp"

#include <algorithm>
#include <functional>
#include <mutex>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "image/assemble/disk.hpp"
#include "image/assemble/filesystem_users.hpp"
#include "image/assemble/initrd.hpp"
#include "image/content/base_tree.hpp"
#include "image/content/guest_path.hpp"
#include "image/content/guest_tree.hpp"
#include "image/content/kernel_modules.hpp"
#include "image/content/python_bytecode.hpp"
#include "image/content/tree_content.hpp"
#include "image/package/deb.hpp"
#include "image/package/package_database.hpp"
#include "image/package/package_scripts.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

using path_filter = std::function<bool(const std::string&)>;

/// A package to unpack, where to, and which of its files.
struct unpack_task {
    const package* source = nullptr;
    guest_tree* tree = nullptr;
    path_filter wanted;
};

bool is_kernel_file(const std::string& path) {
    return path.starts_with("boot/vmlinux-") || path.starts_with("usr/lib/modules/");
}

bool is_needed_to_run(const std::string& path) {
    return path.starts_with("usr/bin/") || path.starts_with("usr/lib");
}

/// Unpacks all on as many threads as allowed, the largest first, so that the threads end together.
/// Returns the newest file's time.
std::time_t unpack_all(std::vector<unpack_task> tasks, build_phases& phases) {
    std::ranges::sort(tasks, std::ranges::greater(),
                      [](const unpack_task& task) { return task.source->bytes; });
    build_progress progress = {.phase = "unpack", .total = tasks.size()};
    for (const auto& task : tasks) progress.bytes += task.source->bytes;
    std::mutex mutex;
    std::time_t newest = 0;
    parallel_for(tasks.size(), job_count(phases.options()), [&](std::size_t i) {
        const auto& task = tasks[i];
        const auto time =
            unpack_deb(task.source->file, *task.tree, task.wanted, phases.options().stop);
        const std::lock_guard lock(mutex);
        newest = std::max(newest, time);
        ++progress.done;
        phases.report(progress);
    });
    return newest;
}

/// A UUID that says which image it is, of version 8 (RFC 9562: the maker's own).
std::string uuid_of(const std::string& digest) {
    std::string hex = digest.substr(0, 32);
    hex[12] = '8';
    hex[16] = '8';
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

/// The only entry of a folder that must have one.
fs::path only_entry(const fs::path& folder) {
    std::error_code absent;
    const fs::directory_iterator entries(folder, absent);
    if (absent || entries == fs::directory_iterator())
        throw infrastructure_error("the kernel package has nothing in {}",
                                   folder.filename().string());
    return entries->path();
}

/// One build of one image in a folder of its own.
class image_builder {
  public:
    image_builder(const image_parts& parts, const fs::path& work, build_phases& phases)
        : recipe_(parts.from),
          packages_(parts.packages),
          bases_(parts.bases),
          digest_(parts.digest),
          work_(work),
          result_(work / "result"),
          raw_disk_(work / "disk.raw"),
          phases_(phases),
          kernel_(work / "kernel"),
          initrd_(work / "initrd"),
          disk_(work / "disk"),
          python_{work / "python"} {}

    /// Returns the kernel's version.
    std::string make() {
        fs::create_directories(result_);
        phases_.run("unpack", [&] { unpack(); });
        if (recipe_.disk) fill_disk(*recipe_.disk);
        if (recipe_.disk && !recipe_.disk->compile_python.empty())
            phases_.run("compile python", [&] {
                compile_python(python_, disk_.root(), recipe_.disk->compile_python,
                               phases_.options());
            });
        phases_.run("initrd", [&] { make_initrd(); });
        if (has_kernel_in_disk(packages_))
            phases_.run("module index",
                        [&] { index_kernel_modules(disk_.root(), phases_.options()); });
        if (recipe_.disk) {
            phases_.run("disk", [&] { make_filesystem(); });
            if (leaves_scripts_to_guest()) phases_.run("scripts", [&] { configure_in_guest(); });
            phases_.run("compress", [&] { finish_disk(); });
        }
        return kernel_version_;
    }

  private:
    void unpack() {
        std::vector<unpack_task> tasks;
        const path_exclusions from_initrd(recipe_.initrd.exclude);
        const path_exclusions from_disk(recipe_.disk ? recipe_.disk->exclude
                                                     : std::vector<std::string>());
        guest_tree python(python_.root);
        const auto add = [&](const std::vector<package>& packages, guest_tree& tree,
                             const path_filter& wanted) {
            for (const auto& one : packages) tasks.push_back({&one, &tree, wanted});
        };
        add(packages_.kernel, kernel_, is_kernel_file);
        add(packages_.initrd, initrd_,
            [&](const auto& path) { return !from_initrd.exclude(path); });
        add(packages_.disk, disk_, [&](const auto& path) { return !from_disk.exclude(path); });
        add(packages_.native_python, python, is_needed_to_run);
        newest_ = unpack_bases(from_initrd, from_disk);
        if (recipe_.initrd.base) check_users(recipe_.initrd, initrd_);
        if (recipe_.disk && recipe_.disk->base && !recipe_.disk->scripts)
            check_users(*recipe_.disk, disk_);
        newest_ = std::max(newest_, unpack_all(std::move(tasks), phases_));
    }

    std::time_t unpack_bases(const path_exclusions& from_initrd, const path_exclusions& from_disk) {
        std::time_t newest = 0;
        const auto unpack = [&](const fs::path& folder, const path_exclusions& excluded,
                                guest_tree& tree) {
            if (folder.empty()) return;
            newest = std::max(
                newest, unpack_base(
                            folder, tree, [&](const auto& path) { return !excluded.exclude(path); },
                            phases_.options().stop));
        };
        unpack(bases_.initrd, from_initrd, initrd_);
        unpack(bases_.disk, from_disk, disk_);
        return newest;
    }

    void fill_disk(const disk_recipe& wanted) {
        add_recipe_files(wanted, disk_);
        write_package_database(packages_.disk,
                               wanted.scripts ? package_state::unpacked : package_state::installed,
                               disk_);
        if (leaves_scripts_to_guest()) {
            leave_scripts_to_guest(disk_);
            return add_services(wanted, disk_);
        }
        if (wanted.scripts)
            phases_.run("scripts",
                        [&] { run_package_scripts(packages_.disk.size(), disk_, phases_); });
        add_users_and_services(wanted, disk_);
    }

    void make_initrd() {
        add_recipe_files(recipe_.initrd, initrd_);
        add_users_and_services(recipe_.initrd, initrd_);
        initrd_.make_directory("dev", 0755);
        std::string order;
        for (const auto& module : initrd_modules()) {
            initrd_.write_file("modules/" + module.name + ".ko", module.content, 0644);
            order += module.name + ".ko\n";
        }
        initrd_.write_file("modules/order", order, 0644);
        write_initrd({.tree = initrd_.root(), .time = newest_, .zstd = recipe_.initrd.zstd},
                     result_ / "initrd");
        if (recipe_.kernel_file.empty())
            fs::rename(only_entry(kernel_.root() / "boot"), result_ / "kernel");
        else
            fs::copy_file(recipe_.kernel_file, result_ / "kernel");
    }

    std::vector<kernel_module> initrd_modules() {
        if (!recipe_.kernel_file.empty()) return {};
        const fs::path folder = only_entry(kernel_.root() / "usr/lib/modules");
        kernel_version_ = folder.filename().string();
        return load_kernel_modules(folder, recipe_.initrd.modules);
    }

    bool leaves_scripts_to_guest() const {
        return recipe_.disk && recipe_.disk->scripts && phases_.options().configure_in_guest;
    }

    void make_filesystem() {
        disk_.set_all_times(newest_);
        qh::make_filesystem({.tree = disk_.root(),
                             .size_bytes = recipe_.disk->size_bytes,
                             .uuid = uuid_of(digest_),
                             .time = newest_},
                            raw_disk_, phases_.options());
    }

    /// The recipe's users come after those that scripts make.
    void configure_in_guest() {
        build_progress progress = {.phase = "scripts", .total = packages_.disk.size()};
        phases_.options().configure_in_guest(raw_disk_, [&] {
            progress.done = std::min(progress.done + 1, progress.total);
            phases_.report(progress);
        });
        write_users_in_filesystem(raw_disk_, recipe_.disk->users, work_, phases_.options());
    }

    void finish_disk() {
        // Removing tens of thousands of files waits for the host's disk, compressing for its cores.
        parallel_for(2, 2, [&](std::size_t i) {
            if (i == 0) return compress_disk(raw_disk_, result_ / "disk.qcow2", phases_.options());
            for (const fs::path& done : {disk_.root(), python_.root, kernel_.root()})
                fs::remove_all(done);
        });
    }

    const recipe& recipe_;
    const package_choice& packages_;
    const base_paths& bases_;
    const std::string& digest_;
    const fs::path work_;
    const fs::path result_;
    const fs::path raw_disk_;
    build_phases& phases_;
    guest_tree kernel_;
    guest_tree initrd_;
    guest_tree disk_;
    native_python python_;
    std::time_t newest_ = 0;
    std::string kernel_version_;  ///< "6.12.107+deb13-riscv64"
};

}  // namespace

bool has_kernel_in_disk(const package_choice& packages) {
    return std::ranges::any_of(packages.disk,
                               [](const package& one) { return is_kernel_package(one.name); });
}

std::string make_image(const image_parts& parts, const fs::path& work, build_phases& phases) {
    return image_builder(parts, work, phases).make();
}

}  // namespace qh
