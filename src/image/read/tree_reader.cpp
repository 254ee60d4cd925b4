#include "image/read/tree_reader.hpp"

#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/locations.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/read/file_format.hpp"
#include "image/read/file_programs.hpp"
#include "image/read/partitions.hpp"
#include "image/read/qcow2.hpp"
#include "image/read/tree_parts.hpp"
#include "riscv/elf_file.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_notes = 20;

unique_fd open_to_read(const fs::path& path) {
    // Without O_NONBLOCK a FIFO would wait for its writer.
    unique_fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd)
        throw usage_error("cannot open {}: {}", printable(path.string()), system_message(errno));
    return fd;
}

struct file_status {
    std::uint64_t size;
    bool is_regular, is_folder;
};

file_status status_of(int fd) {
    struct stat status = {};
    if (::fstat(fd, &status) != 0) throw infrastructure_error("fstat: {}", system_message(errno));
    return {static_cast<std::uint64_t>(status.st_size), S_ISREG(status.st_mode),
            S_ISDIR(status.st_mode)};
}

std::string beginning_of(int fd, std::size_t size) {
    std::string bytes(size, '\0');
    const auto got = ::pread(fd, bytes.data(), size, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

std::string beginning_of(const byte_source& file) {
    constexpr std::uint64_t looked_at = 4096;
    std::string bytes(std::min(looked_at, file.size()), '\0');
    file.read(0, bytes);
    return bytes;
}

struct fts_deleter {
    void operator()(FTS* handle) const { ::fts_close(handle); }
};

/// A folder's files, in two steps: their paths, then their content on several threads.
class folder_reader {
  public:
    folder_reader(const fs::path& root, const tree_visitor& visit, const tree_limits& limits)
        : root_(root), visit_(visit), limits_(limits) {}

    tree_summary read(unsigned jobs) {
        summary_.kind = "folder";
        list();
        parallel_for(files_.size(), jobs, [&](std::size_t i) { read_file(files_[i]); });
        notes_.finish();
        return std::move(summary_);
    }

  private:
    void list() {
        auto root = root_.string();
        std::array<char*, 2> roots = {root.data(), nullptr};
        const std::unique_ptr<FTS, fts_deleter> walk(
            ::fts_open(roots.data(), FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, nullptr));
        if (!walk) throw infrastructure_error("fts_open: {}", system_message(errno));
        while (const FTSENT* const entry = ::fts_read(walk.get())) {
            const std::string path = entry->fts_path;
            if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
                note(path, entry->fts_errno);
            else if (entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE)
                visit_({relative(path), nullptr, target_of(path)});
            else if (entry->fts_info == FTS_F)
                add_file(path, static_cast<std::uint64_t>(entry->fts_statp->st_size));
        }
    }

    void add_file(const std::string& path, std::uint64_t size) {
        if (++summary_.files > limits_.files)
            throw usage_error("there are more than {} files in it", limits_.files);
        if (size >= least_program_bytes) files_.push_back(path);
    }

    void read_file(const std::string& path) {
        const unique_fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (!fd) return note(path, errno);
        if (!may_hold_programs(path, beginning_of(fd.get(), told_by_bytes), limits_)) return;
        const auto status = status_of(fd.get());
        if (!status.is_regular) return;
        note(visit_programs(relative(path), file_source(fd.get(), status.size, path), visit_));
    }

    void note(const std::string& path, int error_number) {
        note(fmt::format("cannot read {}: {}", printable(path), system_message(error_number)));
    }

    void note(const std::string& text) {
        const std::lock_guard lock(mutex_);
        notes_.add(text);
    }

    static std::string target_of(const std::string& path) {
        std::error_code ignored;
        return fs::read_symlink(path, ignored).string();
    }

    std::string relative(const std::string& path) const {
        return tree_path(std::string_view(path).substr(root_.string().size()));
    }

    fs::path root_;
    const tree_visitor& visit_;
    const tree_limits& limits_;
    tree_summary summary_;
    note_list notes_{summary_};
    std::mutex mutex_;
    std::vector<std::string> files_;
};

/// A disk's filesystem, or the only one in its partitions.
tree_summary read_disk(const std::string& device, const byte_source& disk,
                       const tree_visitor& visit, const tree_limits& limits) {
    if (is_ext_filesystem(disk, 0)) return read_ext_tree(device, 0, visit, limits);
    const auto part = only_ext_partition(disk);
    auto summary = read_ext_tree(device, part.begin, visit, limits);
    summary.kind += fmt::format(" in partition {}", part.number);
    return summary;
}

tree_summary read_one_file(const fs::path& path, const byte_source& file,
                           const tree_visitor& visit) {
    tree_summary summary{
        is_elf(beginning_of(file)) ? "ELF file" : "file with ELF files in it", 1, {}};
    note_list(summary).add(visit_programs(path.filename().string(), file, visit));
    return summary;
}

/// Kernels have no files; disks and archives that are packed are not unpacked here.
void refuse_what_is_no_tree(const known_file& file, const fs::path& path) {
    using enum file_format::kind;
    for (const auto what : {zboot, kernel, foreign_kernel, efi_program})
        if (file.is(what) || file.holds(what))
            throw usage_error("it is {}, and has no files in it", file.what());
    bool is_closed = false;
    for (const auto what : {u_boot_image, fit, container, filesystem, disk})
        is_closed = is_closed || file.holds(what) || (file.is(what) && what != disk);
    if (!is_closed) return;
    const auto command = file.unpack_command(path);
    throw usage_error("it is {}; {}", file.what(),
                      command.empty() ? "mount it, and give the folder"
                                      : "unpack it, and give what comes out: " + command);
}

tree_summary read_file_as_tree(const fs::path& path, int fd, const tree_visitor& visit,
                               const tree_limits& limits) {
    const auto name = path.string();
    const file_source file(fd, status_of(fd).size, name);
    const auto beginning = beginning_of(file);
    if (may_hold_programs(name, beginning.substr(0, told_by_bytes), limits))
        return read_one_file(path, file, visit);
    if (is_qcow2(beginning)) {
        const auto raw = unpack_qcow2(path, beginning);
        const auto device = fmt::format("/proc/self/fd/{}", raw.get());
        auto summary = read_disk(device, file_source(raw.get(), status_of(raw.get()).size, device),
                                 visit, limits);
        summary.kind += " in a qcow2 image";
        return summary;
    }
    if (is_ext_filesystem(file, 0)) return read_ext_tree(name, 0, visit, limits);
    const known_file known(file);
    refuse_what_is_no_tree(known, path);
    try {
        return read_archive_tree(file, visit, limits);
    } catch (const error& e) {
        // libarchive finds tar archives nearly everywhere.
        if (has_partitions(file)) return read_disk(name, file, visit, limits);
        if (e.kind() != fault::usage || !known.is_known()) throw;
        throw usage_error("it is {}: {}", known.what(), e.what());
    }
}

}  // namespace

void note_list::add(std::string note) {
    if (note.empty()) return;
    if (summary_.notes.size() < most_notes)
        summary_.notes.push_back(std::move(note));
    else
        ++left_out_;
}

void note_list::finish() {
    if (left_out_ > 0) summary_.notes.push_back(fmt::format("and {} more like these", left_out_));
}

std::string tree_path(std::string_view member) {
    std::string path;
    while (!member.empty()) {
        const auto end = std::min(member.find('/'), member.size());
        const auto part = member.substr(0, end);
        member.remove_prefix(std::min(end + 1, member.size()));
        if (part == "..") {
            const auto slash = path.rfind('/');
            path.resize(slash == path.npos ? 0 : slash);
        } else if (!part.empty() && part != ".") {
            if (!path.empty()) path += '/';
            path += part;
        }
    }
    return path;
}

tree_summary read_tree(const fs::path& path, unsigned jobs, const tree_visitor& visit,
                       const tree_limits& limits) {
    const auto fd = open_to_read(path);
    const auto status = status_of(fd.get());
    return with_context(printable(path.string()), [&] {
        if (status.is_folder) return folder_reader(path, visit, limits).read(jobs);
        if (!status.is_regular) throw usage_error("it is neither a file nor a folder");
        return read_file_as_tree(path, fd.get(), visit, limits);
    });
}

}  // namespace qh
