#include "image/assemble/prebuilt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class prebuilt : public testing::Test {
  protected:
    prebuilt() { fs::create_directories(folder_); }

    std::string take() {
        const build_options options;
        build_phases phases(options);
        return take_prebuilt({.base = {},
                              .kernel = {"Image"},
                              .initrd = {"rootfs.cpio.gz", "rootfs.cpio"},
                              .disk = {"rootfs.ext2"}},
                             folder_, scratch_.path() / "result", phases);
    }

    std::string problem() {
        try {
            take();
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::usage);
            return e.what();
        }
        return "no error";
    }

    temporary_directory scratch_{fs::temp_directory_path(), "prebuilt"};
    fs::path folder_ = scratch_.path() / "images";
};

TEST_F(prebuilt, takes_the_kernel_and_the_first_initrd_that_is_there) {
    write_file_atomically(folder_ / "Image", "kernel");
    write_file_atomically(folder_ / "rootfs.cpio", "initrd");
    write_file_atomically(folder_ / "rootfs.ext2", "disk");
    EXPECT_EQ(take(), "");
    EXPECT_EQ(read_file(scratch_.path() / "result/kernel"), "kernel");
    EXPECT_EQ(read_file(scratch_.path() / "result/initrd"), "initrd");
    EXPECT_FALSE(fs::exists(scratch_.path() / "result/disk.qcow2"));
}

TEST_F(prebuilt, a_disk_is_the_root_where_there_is_no_initrd) {
    write_file_atomically(folder_ / "Image", "kernel");
    write_file_atomically(folder_ / "rootfs.ext2", std::string(1 << 20, 'x'));
    EXPECT_EQ(take(), " root=/dev/vda rw");
    EXPECT_EQ(read_file(scratch_.path() / "result/disk.qcow2").substr(0, 4), "QFI\xfb");
    EXPECT_TRUE(fs::exists(folder_ / "rootfs.ext2")) << "what was given stays";
}

TEST_F(prebuilt, names_what_it_looked_for) {
    EXPECT_THAT(problem(), HasSubstr("images has none of Image"));
    write_file_atomically(folder_ / "Image", "kernel");
    EXPECT_THAT(problem(), HasSubstr("none of rootfs.cpio.gz, rootfs.cpio, rootfs.ext2"));
}

}  // namespace
}  // namespace qh
