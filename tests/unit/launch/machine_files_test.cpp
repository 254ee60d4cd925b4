#include "launch/machine_files.hpp"

#include <gmock/gmock.h>

#include "support/elf_bytes.hpp"
#include "support/errors.hpp"
#include "support/packed_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using test::gz;
using test::xz;
using testing::AllOf;
using testing::HasSubstr;

std::string with(std::size_t at, std::string_view magic) {
    std::string bytes(4096, '\0');
    bytes.replace(at, magic.size(), magic);
    return bytes;
}

/// U-Boot's legacy header: ih_type and ih_comp.
std::string u_boot_image(char type, char compression) {
    auto bytes = with(0, "\x27\x05\x19\x56");
    bytes[30] = type;
    bytes[31] = compression;
    return bytes;
}

const std::string riscv_kernel = with(56, "RSC\x05"), disk = with(510, "\x55\xaa");

class machine_files : public test::in_temporary_folder {
  protected:
    std::string complaint_on(const machine_spec& spec) {
        return test::message_of([&] { check_machine_files(spec); });
    }

    std::string complaint_on_kernel(const std::string& bytes) {
        machine_spec spec;
        spec.kernel = write("Image", bytes);
        return complaint_on(spec);
    }

    std::string complaint_on_initrd(const std::string& bytes) {
        machine_spec spec;
        spec.initrd = write("initrd", bytes);
        return complaint_on(spec);
    }

    std::string complaint_on_drive(const std::string& bytes, const std::string& name = "disk") {
        machine_spec spec;
        spec.drives = {write(name, bytes)};
        return complaint_on(spec);
    }
};

constexpr const char* nothing = "(no error)";

TEST_F(machine_files, a_kernel_that_qemu_would_start_packed_is_refused) {
    EXPECT_THAT(complaint_on_kernel(gz(riscv_kernel)),
                AllOf(HasSubstr("kernel "), HasSubstr("is a RISC-V kernel packed with gzip"),
                      HasSubstr("gzip -dc ")));
    EXPECT_THAT(complaint_on_kernel(xz("anything")), HasSubstr("is data packed with xz"));
    EXPECT_THAT(complaint_on_kernel(with(0, std::string_view("MZ\0\0zimg", 8))),
                HasSubstr("is an EFI zboot kernel"));
    EXPECT_THAT(complaint_on_kernel(with(0, "\xd0\x0d\xfe\xed")), HasSubstr("dumpimage"));
    constexpr char kernel = 2, lzma = 3;
    EXPECT_THAT(complaint_on_kernel(u_boot_image(kernel, lzma)), HasSubstr("tail -c +65"));
}

TEST_F(machine_files, so_is_what_is_no_kernel_for_riscv) {
    test::elf_builder other;
    other.header.e_machine = EM_X86_64;
    EXPECT_THAT(complaint_on_kernel(other.bytes()), HasSubstr("an ELF file for another machine"));
    EXPECT_THAT(complaint_on_kernel(with(0x202, "HdrS")), HasSubstr("a kernel for x86"));
    EXPECT_THAT(complaint_on_kernel(with(0, "MZ")), HasSubstr("an EFI program"));
    EXPECT_THAT(complaint_on_kernel("070701…"), HasSubstr("a cpio archive; it is no kernel"));
    EXPECT_THAT(complaint_on_kernel(gz("070701…")), HasSubstr("with gzip; it is no kernel"));
    EXPECT_THAT(complaint_on_kernel(gz(with(56, "ARM\x64"))),
                HasSubstr("AArch64 packed with gzip; give a kernel for RISC-V"));
}

TEST_F(machine_files, kernels_that_start_and_what_is_not_known_pass) {
    constexpr char kernel = 2, gzip = 1;
    for (const auto& bytes : {riscv_kernel, test::elf_builder().bytes(), u_boot_image(kernel, gzip),
                              std::string("\x13\0\0\0", 4), std::string()})
        EXPECT_EQ(complaint_on_kernel(bytes), nothing);
    machine_spec device;
    device.kernel = "/dev/null";
    EXPECT_EQ(complaint_on(device), nothing);
}

TEST_F(machine_files, an_initrd_may_be_packed_or_have_u_boots_header) {
    constexpr char kernel = 2, ramdisk = 3, gzip = 1;
    for (const auto& bytes :
         {gz("070701…"), xz(with(0x438, "\x53\xef")), u_boot_image(ramdisk, gzip)})
        EXPECT_EQ(complaint_on_initrd(bytes), nothing);
    for (const auto& bytes : {riscv_kernel, gz(riscv_kernel), u_boot_image(kernel, gzip)})
        EXPECT_THAT(complaint_on_initrd(bytes), HasSubstr("a kernel takes a cpio archive"));
}

TEST_F(machine_files, a_packed_disk_is_refused_and_other_packed_data_are_not) {
    EXPECT_THAT(complaint_on_drive(xz(disk), "disk.img.xz"),
                AllOf(HasSubstr("is a disk with partitions packed with xz"),
                      HasSubstr("disk.img.xz > disk.img")));
    EXPECT_EQ(complaint_on_drive(gz("data that the guest unpacks")), nothing);
    EXPECT_EQ(complaint_on_drive(disk), nothing);
}

TEST_F(machine_files, a_disk_image_has_the_name_that_tells_its_format) {
    const auto qcow2 = with(0, "QFI\xfb");
    EXPECT_THAT(complaint_on_drive(qcow2, "cloud.img"), HasSubstr("name that ends in .qcow2"));
    EXPECT_EQ(complaint_on_drive(qcow2, "cloud.qcow2"), nothing);
}

}  // namespace
}  // namespace qh
