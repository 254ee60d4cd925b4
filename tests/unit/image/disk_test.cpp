#include "image/assemble/disk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "image/content/guest_tree.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

std::string inode_of(const std::string& path, const fs::path& raw) {
    return run_tool({.argv = {"debugfs", "-R", "stat " + path, raw},
                     .package = {},
                     .input = {},
                     .working_directory = {},
                     .environment = {},
                     .on_line = {}});
}

/// mke2fs copies times that nobody can set: when a file was last changed, and last read.
TEST(disk, is_the_same_whenever_its_tree_was_made_and_read) {
    const temporary_directory scratch(fs::temp_directory_path(), "disk");
    constexpr std::time_t time = 1700000000;
    std::string sums[2];
    for (auto& sum : sums) {
        const auto name = "disk" + std::to_string(&sum - sums);
        guest_tree tree(scratch.path() / name);
        tree.write_file("etc/hostname", "guest\n", 0644);
        tree.make_link("etc/link", "hostname");
        tree.set_all_times(time);
        const auto file = tree.root() / "etc/hostname";
        struct stat before = {};
        ASSERT_EQ(::stat(file.c_str(), &before), 0);
        ASSERT_NE(before.st_ctim.tv_sec, time) << "what the filesystem must not tell";
        const auto raw = scratch.path() / (name + ".raw");
        make_filesystem({.tree = tree.root(),
                         .size_bytes = 8 << 20,
                         .uuid = "71686172-6e65-8373-8000-000000000001",
                         .time = time},
                        raw, {});
        sum = sha256_hex_of_file(raw);
        const auto inode = inode_of("/etc/hostname", raw);
        for (const auto* kind : {"ctime", "atime", "mtime"})
            EXPECT_THAT(inode, testing::HasSubstr(fmt::format("{}: 0x{:08x}", kind, time)));
    }
    EXPECT_EQ(sums[0], sums[1]);
}

TEST(disk, of_a_tree_of_1970_does_not_tell_when_it_was_made) {
    const temporary_directory scratch(fs::temp_directory_path(), "disk");
    guest_tree tree(scratch.path() / "tree");
    tree.write_file("file", "", 0644);
    const auto raw = scratch.path() / "raw";
    make_filesystem({.tree = tree.root(),
                     .size_bytes = 8 << 20,
                     .uuid = "71686172-6e65-8373-8000-000000000001",
                     .time = 0},
                    raw, {});
    EXPECT_THAT(inode_of("/file", raw), testing::HasSubstr("crtime: 0x00000001"));
}

}  // namespace
}  // namespace qh
