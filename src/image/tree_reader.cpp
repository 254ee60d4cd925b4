#include "image/tree_reader.hpp"

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
#include "base/text.hpp"
#include "image/parallel.hpp"
#include "image/qcow2.hpp"
#include "image/tree_parts.hpp"
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
        if (!is_elf(beginning_of(fd.get(), 4))) return;
        const auto status = status_of(fd.get());
        if (!status.is_regular) return;
        visit_(
            {relative(path), std::make_unique<file_source>(fd.get(), status.size, path).get(), {}});
    }

    void note(const std::string& path, int error_number) {
        const std::lock_guard lock(mutex_);
        notes_.add(
            fmt::format("cannot read {}: {}", printable(path), system_message(error_number)));
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

bool is_ext_filesystem(std::string_view beginning) {
    constexpr std::size_t magic_at = 1024 + 0x38;
    return beginning.size() > magic_at + 1 &&
           beginning.substr(magic_at, 2) == std::string_view("\x53\xef", 2);
}

bool has_partitions(std::string_view beginning) {
    return beginning.size() >= 520 &&
           (beginning.substr(510, 2) == "\x55\xaa" || beginning.substr(512, 8) == "EFI PART");
}

tree_summary read_disk(const std::string& device, std::string_view beginning,
                       const tree_visitor& visit, const tree_limits& limits) {
    if (is_ext_filesystem(beginning)) return read_ext_tree(device, visit, limits);
    if (has_partitions(beginning))
        throw usage_error(
            "it is a disk with partitions; give one of them (dd with skip=, or losetup -P)");
    throw usage_error("it holds no ext2, ext3 or ext4 filesystem");
}

tree_summary read_file_as_tree(const fs::path& path, int fd, const tree_visitor& visit,
                               const tree_limits& limits) {
    constexpr std::size_t looked_at = 4096;
    const auto size = status_of(fd).size;
    const auto beginning = beginning_of(fd, looked_at);
    if (is_elf(beginning)) {
        const auto name = path.string();
        const file_source file(fd, size, name);
        visit({path.filename().string(), &file, {}});
        return {"ELF file", 1, {}};
    }
    if (is_qcow2(beginning)) {
        const auto raw = unpack_qcow2(path, beginning);
        const auto device = fmt::format("/proc/self/fd/{}", raw.get());
        auto summary = read_disk(device, beginning_of(raw.get(), looked_at), visit, limits);
        summary.kind += " in a qcow2 image";
        return summary;
    }
    if (is_ext_filesystem(beginning)) return read_ext_tree(path.string(), visit, limits);
    try {
        return read_archive_tree(fd, size, path.filename().string(), visit, limits);
    } catch (const error& e) {
        // libarchive finds tar archives nearly everywhere.
        if (has_partitions(beginning)) return read_disk(path.string(), beginning, visit, limits);
        throw;
    }
}

}  // namespace

void note_list::add(std::string note) {
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
