#include "machine/machine_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

constexpr auto hardware_head =
    "qemu-system-riscv64 -M virt -cpu rv64 -smp 1 -m 512M -nodefaults -display none -nic none "
    "-no-reboot -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny "
    "-object rng-random,id=rng,filename=/dev/urandom -device virtio-rng-pci,rng=rng ";
constexpr auto channels_tail =
    " -S -monitor none -chardev socket,id=console,fd=7 -serial chardev:console "
    "-chardev socket,id=qmp,fd=9 -mon chardev=qmp,mode=control";

TEST(qemu_arguments, of_the_smallest_machine) {
    machine_spec spec;
    spec.kernel = "Image";
    EXPECT_EQ(qemu_arguments(spec, {7, 9, 0}),
              words(std::string(hardware_head) + "-kernel Image" + channels_tail));
}

TEST(qemu_arguments, of_a_machine_that_uefi_starts_from_a_disk) {
    machine_spec spec;
    spec.flash = {"code.fd", "vars.fd"};
    spec.boot_disk = "boot.raw";
    auto head = std::string(hardware_head);
    head.replace(head.find("-M virt"), 7, "-M virt,acpi=off");
    EXPECT_EQ(qemu_arguments(spec, {7, 9, 0}),
              words(head +
                    "-drive if=pflash,unit=0,format=raw,file=code.fd,readonly=on "
                    "-drive if=pflash,unit=1,format=raw,file=vars.fd,snapshot=on "
                    "-drive if=none,id=boot,file=boot.raw,format=raw,snapshot=on "
                    "-device nvme,drive=boot,serial=boot" +
                    channels_tail));
}

TEST(qemu_arguments, of_a_machine_with_everything) {
    machine_spec spec;
    spec.qemu = "/opt/qemu";
    spec.cpu = "rv64,v=true,vlen=256";
    spec.harts = 4;
    spec.memory_bytes = 8ull << 30;
    spec.kernel = "a,b/Image";
    spec.initrd = "rootfs.cpio.gz";
    spec.drives = {"disk.qcow2", "odd,name.img"};
    spec.append = "console=ttyS0 quiet";
    spec.channel = true;
    spec.extra_arguments = {"-icount", "shift=1"};
    const std::vector<std::string> expected = {
        "/opt/qemu",
        "-M",
        "virt",
        "-cpu",
        "rv64,v=true,vlen=256",
        "-smp",
        "4",
        "-m",
        "8192M",
        "-nodefaults",
        "-display",
        "none",
        "-nic",
        "none",
        "-no-reboot",
        "-sandbox",
        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        "-object",
        "rng-random,id=rng,filename=/dev/urandom",
        "-device",
        "virtio-rng-pci,rng=rng",
        "-kernel",
        "a,b/Image",
        "-initrd",
        "rootfs.cpio.gz",
        "-append",
        "console=ttyS0 quiet",
        "-drive",
        "if=none,id=disk0,file=disk.qcow2,format=qcow2,snapshot=on",
        "-device",
        "virtio-blk-pci,drive=disk0",
        "-drive",
        "if=none,id=disk1,file=odd,,name.img,format=raw,snapshot=on",
        "-device",
        "virtio-blk-pci,drive=disk1",
        "-device",
        "virtio-serial-pci",
        "-chardev",
        "null,id=hvc0",
        "-device",
        "virtconsole,chardev=hvc0",
        "-device",
        "virtconsole,chardev=channel",
        "-S",
        "-monitor",
        "none",
        "-chardev",
        "socket,id=console,fd=7",
        "-serial",
        "chardev:console",
        "-chardev",
        "socket,id=qmp,fd=9",
        "-mon",
        "chardev=qmp,mode=control",
        "-chardev",
        "socket,id=channel,fd=11",
        "-icount",
        "shift=1"};
    EXPECT_EQ(qemu_arguments(spec, {7, 9, 11}), expected);
}

TEST(qemu_arguments, of_a_machine_that_is_recorded_and_of_its_replay) {
    machine_spec spec;
    spec.kernel = "Image";
    spec.drives = {"disk.qcow2"};
    spec.files = {{"data", "data.tar"}};
    spec.instruction_log = "run,1/log.rr";
    spec.rtc_base = "2026-11-26T07:18:39";
    auto head = std::string(hardware_head);
    head.replace(head.find("rng-random,id=rng,filename=/dev/urandom"), 39, "rng-builtin,id=rng");
    const auto common = head +
                        "-kernel Image "
                        "-drive if=none,id=image-disk0,file=disk.qcow2,format=qcow2,snapshot=on "
                        "-drive if=none,id=disk0,driver=blkreplay,image=image-disk0 "
                        "-device virtio-blk-pci,drive=disk0 "
                        "-drive if=none,id=image-data,file=data.tar,format=raw,readonly=on "
                        "-drive if=none,id=data,driver=blkreplay,image=image-data "
                        "-device virtio-blk-pci,serial=data,drive=data" +
                        channels_tail;
    EXPECT_EQ(qemu_arguments(spec, {7, 9, 0}),
              words(common + " -icount shift=1,rr=record,rrfile=run,,1/log.rr"
                             " -rtc base=2026-11-26T07:18:39,clock=vm"));
    spec.replays_log = true;
    spec.gdb_socket = "/tmp/gdb";
    EXPECT_EQ(qemu_arguments(spec, {7, 9, 0}),
              words(common + " -icount shift=1,rr=replay,rrfile=run,,1/log.rr"
                             " -rtc base=2026-11-26T07:18:39,clock=vm"
                             " -gdb unix:/tmp/gdb,server=on,wait=off"));
}

TEST(qemu_script, is_the_same_machine_on_the_terminal) {
    machine_spec spec;
    spec.kernel = "my kernel";
    spec.append = "a b";
    EXPECT_EQ(qemu_script(spec),
              "#!/bin/sh\n"
              "# The machine of this run, its console on your terminal. Leave it with Ctrl-A X.\n"
              "exec " +
                  std::string(hardware_head) +
                  "-kernel 'my kernel' -append 'a b' -serial mon:stdio \"$@\"\n");
}

TEST(qemu_script, has_the_devices_of_a_channel_with_nothing_behind_them) {
    machine_spec spec;
    spec.kernel = "Image";
    spec.channel = true;
    EXPECT_THAT(qemu_command(spec),
                testing::EndsWith("-device virtio-serial-pci -chardev null,id=hvc0 "
                                  "-device virtconsole,chardev=hvc0 "
                                  "-device virtconsole,chardev=channel "
                                  "-serial mon:stdio -chardev null,id=channel"));
}

class check_spec : public test::in_temporary_folder {
  protected:
    check_spec() { spec.kernel = write("Image", "kernel"); }
    std::string message() const {
        return test::message_of([this] { check_machine_spec(spec); });
    }
    machine_spec spec;
};

TEST_F(check_spec, passes_a_good_machine) {
    EXPECT_EQ(message(), "(no error)");
}

TEST_F(check_spec, names_the_file_that_is_missing) {
    spec.initrd = folder() / "initrd";
    EXPECT_EQ(message(), "initrd " + spec.initrd.string() + " does not exist");
    spec.initrd.clear();
    spec.drives = {folder() / "disk"};
    EXPECT_THAT(message(), HasSubstr("drive "));
    spec.kernel = folder();
    EXPECT_THAT(message(), HasSubstr("is a folder, not a file"));
}

TEST_F(check_spec, refuses_numbers_that_make_no_machine) {
    spec.harts = 0;
    EXPECT_THAT(message(), HasSubstr("at least one hart"));
    spec.harts = 1;
    spec.memory_bytes = (64u << 20) - 1;
    EXPECT_EQ(message(), "63 MiB are too little memory for a Linux guest; give it 128M or more");
    spec.memory_bytes = 64u << 20;
    EXPECT_EQ(message(), "(no error)");
}

}  // namespace
}  // namespace qh
