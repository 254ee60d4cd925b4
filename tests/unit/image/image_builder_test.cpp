#include "image/assemble/image_builder.hpp"

#include <gmock/gmock.h>

#include "image/read/tree_reader.hpp"
#include "process/tool.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class image_builder_test : public test::in_temporary_folder {
  protected:
    image_builder_test() {
        wanted_.name = "mine";
        wanted_.kernel_file = write("kernel", "kernel");
        wanted_.initrd.base = base_source{};
        bases_.initrd = folder() / "base";
        write("base/etc/passwd", "root:x:0:0::/:/bin/sh\n");
        write("base/etc/group", "root:x:0:\n");
    }

    void add_package(const fs::path& file) {
        package one;
        one.name = "x";
        one.file = file;
        packages_.initrd.push_back(one);
    }

    /// Makes the image; its folder.
    fs::path make() {
        const auto work = folder() / "work";
        build_phases phases(options_);
        make_image({wanted_, packages_, bases_, std::string(64, 'd')}, work, phases);
        return work;
    }

    recipe wanted_;
    package_choice packages_;
    base_paths bases_;
    build_options options_;
};

TEST_F(image_builder_test, a_package_replaces_what_the_base_has) {
    write("base/usr/bin/a", "of the base");
    write("base/usr/bin/b", "of the base");
    write("x/usr/bin/a", "of the package");
    write("x/DEBIAN/control",
          "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n");
    tool_command pack;
    pack.argv = {"dpkg-deb", "--build", folder() / "x", folder() / "x.deb"};
    pack.package = "dpkg";
    run_tool(pack);
    add_package(folder() / "x.deb");
    const auto tree = make() / "initrd";
    EXPECT_EQ(read_file(tree / "usr/bin/a"), "of the package");
    EXPECT_EQ(read_file(tree / "usr/bin/b"), "of the base");
}

TEST_F(image_builder_test, a_group_that_the_base_lacks_is_told_before_packages_are_unpacked) {
    wanted_.initrd.users["ada"] = {.uid = 1000, .groups = {"wheel"}};
    add_package(folder() / "absent.deb");
    EXPECT_THAT(test::message_of([&] { make(); }), HasSubstr("there is no group \"wheel\""));
    write("base/etc/group", "root:x:0:\nwheel:x:10:\n");
    EXPECT_THAT(test::message_of([&] { make(); }), HasSubstr("absent.deb"));
}

TEST_F(image_builder_test, scripts_that_are_left_to_a_guest_are_on_its_disk_before_users_are) {
    disk_recipe disk;
    disk.scripts = true;
    disk.size_bytes = 8 << 20;
    disk.users["ada"] = {.uid = 1000};
    disk.services["default"] = {"sshd"};
    disk.files["etc/passwd"] = {.content = "root:x:0:0::/:/bin/sh\n", .mode = 0644};
    disk.files["etc/init.d/sshd"] = {.content = "", .mode = 0755};
    wanted_.disk = disk;
    const auto ask = [](const fs::path& raw, const std::string& request) {
        tool_command command;
        command.argv = {"debugfs", "-R", request, raw};
        return run_tool(command);
    };
    std::string script, before;
    options_.configure_in_guest = [&](const fs::path& raw, const auto&) {
        script = ask(raw, "cat /var/lib/dpkg/qharness-configure");
        EXPECT_THAT(ask(raw, "cat /usr/sbin/policy-rc.d"), HasSubstr("exit 101"));
        EXPECT_THAT(ask(raw, "ls /etc/runlevels/default"), HasSubstr("sshd"));
        before = ask(raw, "cat /etc/passwd");
    };
    const auto raw = folder() / "raw";
    tool_command convert;
    convert.argv = {"qemu-img", "convert", "-O", "raw", make() / "result/disk.qcow2", raw};
    run_tool(convert);
    EXPECT_THAT(script, HasSubstr("dpkg --configure -a"));
    EXPECT_EQ(before, "root:x:0:0::/:/bin/sh\n");
    EXPECT_THAT(ask(raw, "cat /etc/passwd"), HasSubstr("ada:x:1000:1000:"));
}

}  // namespace
}  // namespace qh
