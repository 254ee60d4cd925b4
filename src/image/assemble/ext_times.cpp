#include "image/assemble/ext_times.hpp"

// libext2fs has no extern "C" of its own here.
extern "C" {
#include <et/com_err.h>
}
#include <ext2fs/ext2fs.h>

#include <memory>

#include "base/error.hpp"

namespace qh {
namespace {

struct scan_closer {
    void operator()(ext2_inode_scan scan) const { ext2fs_close_inode_scan(scan); }
};
using scan_handle = std::unique_ptr<struct ext2_struct_inode_scan, scan_closer>;

void check(errcode_t failure, const std::filesystem::path& raw) {
    if (failure)
        throw infrastructure_error("cannot set the times in {}: {}", raw.string(),
                                   ::error_message(failure));
}

void set_all(ext2_filsys filesystem, std::time_t time, const std::filesystem::path& raw) {
    check(ext2fs_read_bitmaps(filesystem), raw);
    ext2_inode_scan opened = nullptr;
    check(ext2fs_open_inode_scan(filesystem, 0, &opened), raw);
    const scan_handle scan(opened);
    ext2_inode_large inode{};
    auto* const plain = reinterpret_cast<ext2_inode*>(&inode);
    constexpr int bytes = sizeof inode;
    while (true) {
        ext2_ino_t number = 0;
        check(ext2fs_get_next_inode_full(scan.get(), &number, plain, bytes), raw);
        if (number == 0) return;
        if (!ext2fs_test_inode_bitmap2(filesystem->inode_map, number) || inode.i_ctime == 0)
            continue;
        inode.i_ctime = inode.i_atime = static_cast<__u32>(time);
        inode.i_ctime_extra = inode.i_atime_extra = 0;
        check(ext2fs_write_inode_full(filesystem, number, plain, bytes), raw);
    }
}

}  // namespace

void set_volatile_times(const std::filesystem::path& raw, std::time_t time) {
    ext2_filsys filesystem = nullptr;
    check(ext2fs_open(raw.c_str(), EXT2_FLAG_RW | EXT2_FLAG_64BITS, 0, 0, unix_io_manager,
                      &filesystem),
          raw);
    // Closing would note when that was.
    filesystem->now = time;
    try {
        set_all(filesystem, time, raw);
    } catch (...) {
        ext2fs_free(filesystem);
        throw;
    }
    check(ext2fs_close_free(&filesystem), raw);
}

}  // namespace qh
