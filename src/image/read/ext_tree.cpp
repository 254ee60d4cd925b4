// ext2, ext3 and ext4 filesystems as trees, read by libext2fs.
// It has no extern "C" of its own.
extern "C" {
#include <et/com_err.h>
}
#include <ext2fs/ext2fs.h>

#include <memory>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/read/file_programs.hpp"
#include "image/read/tree_parts.hpp"

namespace qh {
namespace {

constexpr std::size_t deepest_path = 100;
constexpr std::size_t longest_path = 4096;

void check(errcode_t failure, const std::string& what) {
    if (failure) throw usage_error("{}: {}", printable(what), ::error_message(failure));
}

struct filesystem_closer {
    void operator()(ext2_filsys filesystem) const { ext2fs_close_free(&filesystem); }
};
using filesystem_handle = std::unique_ptr<struct_ext2_filsys, filesystem_closer>;

struct file_closer {
    void operator()(ext2_file_t file) const { ext2fs_file_close(file); }
};
using file_handle = std::unique_ptr<struct ext2_file, file_closer>;

filesystem_handle open_filesystem(const std::string& device, std::uint64_t begin) {
    // libext2fs knows its messages only after this.
    static const bool is_ready = (initialize_ext2_error_table(), true);
    (void)is_ready;
    ext2_filsys filesystem = nullptr;
    const auto options = fmt::format("offset={}", begin);
    check(ext2fs_open2(device.c_str(), options.c_str(), EXT2_FLAG_64BITS, 0, 0, unix_io_manager,
                       &filesystem),
          "it is no filesystem that libext2fs can read");
    return filesystem_handle(filesystem);
}

/// A file in the filesystem; reading one place after the other is fastest.
class ext_file : public byte_source {
  public:
    ext_file(ext2_filsys filesystem, ext2_ino_t inode, const std::string& path) : path_(path) {
        ext2_file_t file = nullptr;
        check(ext2fs_file_open(filesystem, inode, 0, &file), path);
        file_.reset(file);
        __u64 size = 0;
        check(ext2fs_file_get_lsize(file, &size), path);
        size_ = size;
    }

    std::uint64_t size() const override { return size_; }

    void read(std::uint64_t offset, std::span<char> into) const override {
        check(ext2fs_file_llseek(file_.get(), offset, EXT2_SEEK_SET, nullptr), path_);
        while (!into.empty()) {
            unsigned got = 0;
            check(ext2fs_file_read(file_.get(), into.data(), static_cast<unsigned>(into.size()),
                                   &got),
                  path_);
            if (got == 0) throw usage_error("{}: it ends too early", printable(path_));
            into = into.subspan(got);
        }
    }

  private:
    const std::string& path_;
    file_handle file_;
    std::uint64_t size_ = 0;
};

class ext_tree {
  public:
    ext_tree(const std::string& device, std::uint64_t begin, const tree_visitor& visit,
             const tree_limits& limits)
        : filesystem_(open_filesystem(device, begin)), visit_(visit), limits_(limits) {}

    tree_summary read() {
        summary_.kind = kind();
        folders_.push_back({EXT2_ROOT_INO, "", 0});
        while (!folders_.empty()) {
            const auto folder = std::move(folders_.back());
            folders_.pop_back();
            // A broken one may hold itself.
            if (seen_.insert(folder.inode).second) read_folder(folder);
        }
        notes_.finish();
        return std::move(summary_);
    }

  private:
    struct named_inode {
        ext2_ino_t inode;
        std::string path;
        std::size_t depth;
    };

    std::string kind() const {
        auto* const super = filesystem_->super;
        return fmt::format("{} filesystem", ext2fs_has_feature_extents(super)   ? "ext4"
                                            : ext2fs_has_feature_journal(super) ? "ext3"
                                                                                : "ext2");
    }

    struct folder_names {
        std::vector<named_inode> names;
        std::uint64_t most;
    };

    static int add_name(ext2_dir_entry* entry, int, int, char*, void* self) {
        auto& [names, most] = *static_cast<folder_names*>(self);
        const std::string name(entry->name,
                               static_cast<std::size_t>(ext2fs_dirent_name_len(entry)));
        if (name != "." && name != "..") names.push_back({entry->inode, name, 0});
        return names.size() > most ? DIRENT_ABORT : 0;
    }

    void read_folder(const named_inode& folder) {
        folder_names found{{}, limits_.files};
        attempt(folder.path, [&] {
            check(ext2fs_dir_iterate(filesystem_.get(), folder.inode, 0, nullptr, add_name, &found),
                  "its folder");
        });
        for (auto& name : found.names) {
            name.path = tree_path(folder.path + "/" + name.path);
            name.depth = folder.depth + 1;
            if (name.depth > deepest_path || name.path.size() > longest_path)
                throw usage_error("its folders are nested too deep");
            if (++members_ > limits_.files)
                throw usage_error("there are more than {} files in it", limits_.files);
            attempt(name.path, [&] { read_inode(name); });
        }
    }

    /// What is broken in one place does not hide the others.
    template <typename Work>
    void attempt(const std::string& path, Work work) {
        try {
            work();
        } catch (const error& e) {
            if (e.kind() != fault::usage) throw;
            notes_.add(fmt::format("cannot read /{}: {}", printable(path), e.what()));
        }
    }

    void read_inode(const named_inode& name) {
        ext2_inode inode{};
        check(ext2fs_read_inode(filesystem_.get(), name.inode, &inode), "its inode");
        if (LINUX_S_ISDIR(inode.i_mode)) folders_.push_back(name);
        if (LINUX_S_ISLNK(inode.i_mode)) visit_({name.path, nullptr, target_of(name.inode, inode)});
        if (LINUX_S_ISREG(inode.i_mode)) read_file(name);
    }

    std::string target_of(ext2_ino_t number, ext2_inode& inode) {
        if (ext2fs_is_fast_symlink(&inode)) {
            const auto* const text = reinterpret_cast<const char*>(inode.i_block);
            return std::string(text, ::strnlen(text, sizeof inode.i_block));
        }
        const std::string path = "a symbolic link";
        const ext_file file(filesystem_.get(), number, path);
        std::string target(std::min<std::uint64_t>(file.size(), longest_path), '\0');
        file.read(0, target);
        return target;
    }

    void read_file(const named_inode& name) {
        ++summary_.files;
        const ext_file file(filesystem_.get(), name.inode, name.path);
        std::string beginning(file.size() < least_program_bytes ? 0 : told_by_bytes, '\0');
        file.read(0, beginning);
        if (may_hold_programs(name.path, beginning, limits_))
            notes_.add(visit_programs(name.path, file, visit_));
        else
            visit_({name.path, nullptr, {}});
    }

    filesystem_handle filesystem_;
    const tree_visitor& visit_;
    const tree_limits& limits_;
    tree_summary summary_;
    note_list notes_{summary_};
    std::vector<named_inode> folders_;
    std::set<ext2_ino_t> seen_;
    std::uint64_t members_ = 0;
};

}  // namespace

tree_summary read_ext_tree(const std::string& device, std::uint64_t begin,
                           const tree_visitor& visit, const tree_limits& limits) {
    return ext_tree(device, begin, visit, limits).read();
}

}  // namespace qh
