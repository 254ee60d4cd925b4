#include "image/firmware/boot_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class boot_disk : public testing::Test {
  protected:
    boot_disk() {
        write_file_atomically(content_.kernel, "the kernel");
        write_file_atomically(content_.initrd, "the initrd");
        write_file_atomically(content_.efi_loader, "the loader");
    }

    fs::path make() { return find_boot_disk(content_, scratch_.path() / "disks", {}); }

    std::string content_of(const fs::path& disk, const std::string& file) {
        return run_tool({.argv = {"mtype", "-i", disk.string() + "@@1M", "::" + file},
                         .package = "mtools",
                         .working_directory = {},
                         .environment = {},
                         .on_line = {}});
    }

    temporary_directory scratch_{fs::temp_directory_path(), "boot"};
    boot_disk_content content_{scratch_.path() / "kernel", scratch_.path() / "initrd",
                               "console=ttyS0", scratch_.path() / "loader"};
};

TEST_F(boot_disk, has_kernel_initrd_loader_and_both_menus) {
    const auto disk = make();
    EXPECT_EQ(content_of(disk, "linux"), "the kernel");
    EXPECT_EQ(content_of(disk, "initrd"), "the initrd");
    EXPECT_EQ(content_of(disk, "EFI/BOOT/BOOTRISCV64.EFI"), "the loader");
    EXPECT_EQ(content_of(disk, "extlinux/extlinux.conf"), extlinux_menu(content_));
    EXPECT_THAT(content_of(disk, "loader/entries/verbose.conf"),
                HasSubstr("options console=ttyS0 loglevel=8\n"));
}

TEST_F(boot_disk, is_made_once_and_anew_when_its_kernel_changes) {
    const auto first = make();
    EXPECT_EQ(make(), first);
    write_file_atomically(content_.kernel, "another kernel");
    const auto second = make();
    EXPECT_NE(second, first);
    EXPECT_EQ(content_of(second, "linux"), "another kernel");
}

TEST_F(boot_disk, keeps_the_few_made_last) {
    for (int i = 0; i < 6; ++i) {
        content_.append = std::string("n=") + std::to_string(i);
        make();
    }
    int disks = 0;
    for (const auto& entry : fs::directory_iterator(scratch_.path() / "disks"))
        disks += entry.path().extension() == ".raw";
    EXPECT_EQ(disks, 4);
}

TEST_F(boot_disk, needs_no_initrd) {
    content_.initrd.clear();
    EXPECT_THAT(extlinux_menu(content_), Not(HasSubstr("initrd")));
    EXPECT_THAT(loader_entry(content_, "linux", ""), Not(HasSubstr("initrd")));
    EXPECT_EQ(content_of(make(), "linux"), "the kernel");
}

}  // namespace
}  // namespace qh
