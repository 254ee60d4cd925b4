#include "image/read/file_format.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"
#include "support/packed_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using kind = file_format::kind;
using test::gz;
using test::xz;
using test::zst;

/// `magic` at its place among zeros.
std::string with(std::size_t at, std::string_view magic, std::size_t size = 4096) {
    std::string bytes(size, '\0');
    bytes.replace(at, magic.size(), magic);
    return bytes;
}

std::string riscv_kernel() {
    return with(56, "RSC\x05");
}

std::string disk() {
    return with(510, "\x55\xaa");
}

std::string zboot(std::string_view method) {
    auto bytes = with(0, std::string_view("MZ\0\0zimg\x40\x01\0\0\x10\x20\0\0", 16));
    bytes.replace(24, method.size(), method);
    return bytes;
}

known_file known(const std::string& bytes) {
    return known_file(text_source(bytes));
}

TEST(file_format, says_what_a_file_is_and_what_is_packed_in_it) {
    const std::pair<std::string, std::string> cases[] = {
        {gz(riscv_kernel()), "a RISC-V kernel packed with gzip"},
        {zst(riscv_kernel()), "a RISC-V kernel packed with zstd"},
        {xz(disk()), "a disk with partitions packed with xz"},
        {gz(with(0x438, "\x53\xef")), "an ext2, ext3 or ext4 filesystem packed with gzip"},
        {xz(with(0x10040, "_BHRfS_M", 1u << 17)), "a btrfs filesystem packed with xz"},
        {gz("070701…"), "a cpio archive packed with gzip"},
        {gz("just a text"), "data packed with gzip"},
        {gz(disk()).substr(0, 12), "data packed with gzip"},
        {zboot("gzip"), "an EFI zboot kernel, which unpacks itself under UEFI only"},
        {riscv_kernel(), "a RISC-V kernel"},
        {with(0x202, "HdrS"), "a kernel for x86"},
        {with(56, "ARM\x64"), "a kernel for AArch64"},
        {with(0, "\x27\x05\x19\x56"), "an image with U-Boot's legacy header of 64 bytes"},
        {with(0, "\xd0\x0d\xfe\xed"), "a FIT image of U-Boot's, or a device tree"},
        {with(0, "QFI\xfb"), "a qcow2 image"},
        {with(0, "hsqs"), "a squashfs filesystem"},
        {"just a text\n", ""},
        {"", ""},
    };
    for (const auto& [bytes, what] : cases) EXPECT_EQ(known(bytes).what(), what);
}

TEST(file_format, a_kernel_with_an_efi_stub_is_a_kernel) {
    auto bytes = riscv_kernel();
    bytes.replace(0, 2, "MZ");
    EXPECT_TRUE(known(bytes).is(kind::kernel));
    bytes.replace(56, 4, 4, '\0');
    EXPECT_TRUE(known(bytes).is(kind::efi_program));
}

TEST(file_format, has_the_command_that_unpacks_it) {
    EXPECT_EQ(known(gz(riscv_kernel())).unpack_command("/boot/Image.gz"),
              "gzip -dc /boot/Image.gz > Image");
    EXPECT_EQ(known(xz(disk())).unpack_command("my disk"), "xz -dc 'my disk' > 'my disk.unpacked'");
    EXPECT_EQ(known(with(0, "\x27\x05\x19\x56")).unpack_command("uInitrd"),
              "tail -c +65 uInitrd > uInitrd.unpacked");
    EXPECT_EQ(known(zboot("zstd22")).unpack_command("vmlinuz"),
              "tail -c +321 vmlinuz | head -c 8208 | zstd -dc > vmlinuz.unpacked");
    EXPECT_EQ(known(zboot("unheard of")).unpack_command("vmlinuz"), "");
    EXPECT_EQ(known(riscv_kernel()).unpack_command("Image"), "");
}

class file_format_on_disk : public test::in_temporary_folder {};

TEST_F(file_format_on_disk, a_shell_gets_the_kernel_out_of_a_zboot_image) {
    const auto payload = gz(riscv_kernel());
    auto bytes = zboot("gzip");
    bytes.resize(0x140, '\0');
    bytes[12] = static_cast<char>(payload.size());
    bytes[13] = static_cast<char>(payload.size() >> 8);
    bytes += payload + "what follows is signed";
    const auto command = known(bytes).unpack_command(write("vmlinuz", bytes));
    ASSERT_EQ(std::system(("cd " + shell_quote(folder().string()) + " && " + command).c_str()), 0);
    EXPECT_EQ(read_file(folder() / "vmlinuz.unpacked"), riscv_kernel());
}

}  // namespace
}  // namespace qh
