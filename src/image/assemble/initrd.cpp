#include "image/assemble/initrd.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr mode_t console_mode = S_IFCHR | 0600;
constexpr unsigned console_major = 5, console_minor = 1;

class cpio_writer {
  public:
    cpio_writer(const fs::path& initrd, const initrd_content& content)
        : what_("cannot write " + initrd.string()),
          time_(content.time),
          archive_(archive_write_new()) {
        check(archive_write_set_format_cpio_newc(archive_.get()));
        if (content.zstd) {
            check(archive_write_add_filter_zstd(archive_.get()));
        } else {
            check(archive_write_add_filter_gzip(archive_.get()));
            check(archive_write_set_options(archive_.get(), "gzip:!timestamp"));
        }
        check(archive_write_open_filename(archive_.get(), initrd.c_str()));
    }

    void add_device(const std::string& name, mode_t mode, dev_t device) {
        const auto entry = make_entry(name, mode);
        archive_entry_set_rdev(entry.get(), device);
        check(archive_write_header(archive_.get(), entry.get()));
    }

    void add(const std::string& name, const fs::path& path) {
        struct stat status = {};
        if (::lstat(path.c_str(), &status) != 0)
            throw infrastructure_error("cannot read {}: {}", path.string(), system_message(errno));
        const auto entry = make_entry(name, status.st_mode);
        std::uint64_t bytes = 0;
        if (S_ISLNK(status.st_mode))
            archive_entry_set_symlink(entry.get(), fs::read_symlink(path).c_str());
        else if (S_ISREG(status.st_mode))
            bytes = static_cast<std::uint64_t>(status.st_size);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
        check(archive_write_header(archive_.get(), entry.get()));
        if (bytes > 0)
            for_each_block(path, [&](std::string_view block) {
                if (archive_write_data(archive_.get(), block.data(), block.size()) < 0)
                    check(ARCHIVE_FATAL);
            });
    }

    void close() { check(archive_write_close(archive_.get())); }

  private:
    archive_entry_handle make_entry(const std::string& name, mode_t mode) {
        archive_entry_handle entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_mode(entry.get(), mode);
        archive_entry_set_uid(entry.get(), 0);
        archive_entry_set_gid(entry.get(), 0);
        archive_entry_set_mtime(entry.get(), time_, 0);
        archive_entry_set_size(entry.get(), 0);
        archive_entry_set_nlink(entry.get(), 1);
        archive_entry_set_ino(entry.get(), ++inode_);
        return entry;
    }

    void check(int status) {
        // Of a full disk libarchive only says "Write error".
        const int number = archive_errno(archive_.get());
        check_archive(status, archive_.get(),
                      number > 0 ? fmt::format("{}: {}", what_, system_message(number)) : what_);
    }

    std::string what_;
    std::time_t time_;
    archive_writer archive_;
    la_int64_t inode_ = 0;
};

}  // namespace

void write_initrd(const initrd_content& content, const fs::path& initrd) {
    const auto& tree = content.tree;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(tree)) paths.push_back(entry.path());
    // By name a folder comes before what is in it, as the kernel needs.
    std::ranges::sort(paths);
    cpio_writer writer(initrd, content);
    for (const auto& path : paths) writer.add(path.lexically_relative(tree).string(), path);
    writer.add_device("dev/console", console_mode, makedev(console_major, console_minor));
    writer.close();
}

}  // namespace qh
