#include "image/content/base_tree.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "image/content/guest_path.hpp"
#include "image/content/unpacked_member.hpp"
#include "image/fetch/download.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_block_bytes = 1 << 18;
constexpr std::uint64_t most_bytes = 64'000'000'000;
constexpr std::size_t most_members = 2'000'000;

using path_filter = std::function<bool(const std::string&)>;

void stop_if_asked(const std::atomic<bool>* stop) {
    if (stop && stop->load()) throw error(fault::interrupted, "interrupted");
}

struct stat status_of(const fs::path& path) {
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        throw infrastructure_error("cannot read {}: {}", path.string(), system_message(errno));
    return status;
}

/// Everything in the folder, a folder before what is in it.
std::vector<fs::path> paths_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (paths.size() == most_members)
            throw infrastructure_error("{} has more than {} files", folder.string(), most_members);
        paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    return paths;
}

archive_reader open_tarball(const fs::path& tarball) {
    archive_reader reader(archive_read_new());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_cpio(reader.get());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_filter_bzip2(reader.get());
    archive_read_support_filter_xz(reader.get());
    archive_read_support_filter_zstd(reader.get());
    check_archive(archive_read_open_filename(reader.get(), tarball.c_str(), read_block_bytes),
                  reader.get(), "cannot open");
    return reader;
}

std::time_t unpack_tarball(const fs::path& tarball, guest_tree& tree, const path_filter& wanted,
                           const std::atomic<bool>* stop) {
    const auto reader = open_tarball(tarball);
    std::time_t newest = 0;
    std::size_t members = 0;
    member_place place{.path = {}, .path_of = path_within_guest, .most_bytes = most_bytes};
    archive_entry* member = nullptr;
    while (next_member(reader.get(), &member, "cannot read")) {
        stop_if_asked(stop);
        if (++members > most_members)
            throw infrastructure_error("has more than {} members", most_members);
        place.path = path_within_guest(member_name(member));
        if (place.path.empty() || !wanted(place.path)) continue;
        place.most_bytes -= unpack_member(reader.get(), member, tree, place);
        newest = std::max(newest, archive_entry_mtime(member));
    }
    if (members == 0) throw infrastructure_error("is empty");
    return newest;
}

void copy_file(const fs::path& source, guest_tree& tree, const std::string& path, mode_t mode) {
    tree.make_file(path, mode, [&](int fd) {
        for_each_block(source, [&](std::string_view block) { write_all(fd, block, path); });
    });
}

std::time_t copy_folder(const fs::path& folder, guest_tree& tree, const path_filter& wanted,
                        const std::atomic<bool>* stop) {
    std::time_t newest = 0;
    for (const auto& source : paths_in(folder)) {
        stop_if_asked(stop);
        const auto path = source.lexically_relative(folder).string();
        if (!wanted(path)) continue;
        const auto status = status_of(source);
        newest = std::max(newest, status.st_mtime);
        if (S_ISLNK(status.st_mode))
            tree.make_link(path, fs::read_symlink(source));
        else if (S_ISDIR(status.st_mode))
            tree.make_directory(path, status.st_mode);
        else if (S_ISREG(status.st_mode))
            copy_file(source, tree, path, status.st_mode);
    }
    return newest;
}

}  // namespace

fs::path find_base(const base_source& base, const fs::path& downloads, build_phases& phases) {
    if (base.from.empty())
        throw usage_error("it is made from {}; give that with: qharness image build NAME --base …",
                          base.what);
    if (is_web_address(base.from)) return download({base.from, base.sha256}, downloads, phases);
    if (!fs::exists(base.from)) throw usage_error("there is no {}", printable(base.from));
    if (base.sha256.empty()) return base.from;
    const auto sum = sha256_hex_of_file(base.from);
    if (sum != base.sha256)
        throw infrastructure_error("{}: its SHA-256 is {} and should be {}", printable(base.from),
                                   sum, base.sha256);
    return base.from;
}

std::string digest_of_base(const fs::path& base) {
    if (!fs::is_directory(base)) return sha256_hex_of_file(base);
    std::string text;
    for (const auto& path : paths_in(base)) {
        const auto status = status_of(path);
        const auto content = S_ISLNK(status.st_mode)   ? fs::read_symlink(path).string()
                             : S_ISREG(status.st_mode) ? sha256_hex_of_file(path)
                                                       : std::string();
        text += fmt::format("{} {:o} {}\n", path.lexically_relative(base).string(), status.st_mode,
                            content);
    }
    return sha256_hex(text);
}

std::string fingerprint_of_base(const fs::path& base) {
    std::string text;
    const auto add = [&](const fs::path& path) {
        const auto status = status_of(path);
        text += fmt::format("{} {} {}.{}\n", path.string(), status.st_size, status.st_mtim.tv_sec,
                            status.st_mtim.tv_nsec);
    };
    add(base);
    if (fs::is_directory(base)) std::ranges::for_each(paths_in(base), add);
    return sha256_hex(text);
}

std::time_t unpack_base(const fs::path& base, guest_tree& tree, const path_filter& wanted,
                        const std::atomic<bool>* stop) {
    return with_context("cannot take over " + base.string(), [&] {
        return fs::is_directory(base) ? copy_folder(base, tree, wanted, stop)
                                      : unpack_tarball(base, tree, wanted, stop);
    });
}

}  // namespace qh
