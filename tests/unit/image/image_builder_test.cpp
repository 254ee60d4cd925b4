#include "image/build/image_builder.hpp"

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

}  // namespace
}  // namespace qh
