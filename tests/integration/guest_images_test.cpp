// Images made of what people bring, booted in the real QEMU.
#include <gmock/gmock.h>

#include "base/locations.hpp"
#include "base/text.hpp"
#include "harness_test.hpp"
#include "image/read/archive_handles.hpp"
#include "image/read/tree_reader.hpp"
#include "process/tool_path.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class guest_images : public guest_test {
  protected:
    void SetUp() override {
        guest_test::SetUp();
        tiny_ = std::string(trim(call({"image", "path", "tiny"}).output));
        // What is built here is nobody else's.
        variables["QHARNESS_CACHE_DIR"] = folder() / "cache";
    }

    void build(const std::string& image, const fs::path& base) {
        const auto end = call({"image", "build", image, "--base", base});
        ASSERT_TRUE(end.status.clean()) << end.errors;
    }

    /// A tarball laid out as distributions lay theirs out, its BusyBox the tiny image's.
    fs::path write_tarball() {
        const fs::path file = folder() / "rootfs.tar.xz";
        const archive_writer writer(archive_write_new());
        archive_write_set_format_pax_restricted(writer.get());
        archive_write_add_filter_xz(writer.get());
        archive_write_open_filename(writer.get(), file.c_str());
        const auto add = [&](const std::string& name, mode_t mode, const std::string& content) {
            const archive_entry_handle entry(archive_entry_new());
            archive_entry_set_pathname(entry.get(), name.c_str());
            archive_entry_set_mode(entry.get(), mode);
            if (S_ISLNK(mode)) archive_entry_set_symlink(entry.get(), content.c_str());
            const auto size = S_ISREG(mode) ? content.size() : 0;
            archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
            check_archive(archive_write_header(writer.get(), entry.get()), writer.get(), "test");
            archive_write_data(writer.get(), content.data(), size);
        };
        add("./bin/busybox", S_IFREG | 0755, busybox());
        add("./bin/sh", S_IFLNK | 0777, "/bin/busybox");
        add("./etc/os-release", S_IFREG | 0644, "ID=alpine\nNAME=\"Alpine Linux\"\n");
        add("./etc/passwd", S_IFREG | 0644, "root:x:0:0:root:/root:/bin/sh\n");
        add("./etc/group", S_IFREG | 0644, "root:x:0:\nwheel:x:10:root\n");
        add("./root", S_IFDIR | 0700, "");
        archive_write_close(writer.get());
        return file;
    }

    const fs::path& tiny() const { return tiny_; }

  private:
    std::string busybox() const {
        std::string content;
        read_tree(tiny_ / "initrd", 1, [&](const tree_entry& entry) {
            if (entry.path != "usr/bin/busybox" || !entry.program) return;
            content.resize(entry.program->size());
            entry.program->read(0, {content.data(), content.size()});
        });
        return content;
    }

    fs::path tiny_;
};

TEST_F(guest_images, what_buildroot_has_made_boots_as_it_is) {
    const auto output = folder() / "output";
    fs::create_directories(output);
    fs::copy_file(tiny() / "kernel", output / "Image");
    fs::copy_file(tiny() / "initrd", output / "rootfs.cpio.gz");
    build("buildroot", output);
    machine_arguments = {"--image", "buildroot"};
    const auto run = this->run(scenario({boot_step(), {{"poweroff", true}}}));
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
}

TEST_F(guest_images, a_tarball_gets_an_init_a_user_and_a_kernel) {
    const json recipe = {
        {"description", "a distribution's tarball in an initramfs"},
        {"kernel", {{"from", tiny() / "kernel"}}},
        {"build_space", "100M"},
        {"initrd",
         {{"base", {{"from", write_tarball()}}},
          {"compression", "zstd"},
          {"directories", {{"/proc", "0755"}, {"/dev", "0755"}}},
          {"links", {{"/init", "bin/busybox"}}},
          {"users", {{"ada", {{"uid", 1000}, {"groups", {"wheel"}}, {"password", "lovelace"}}}}},
          {"files",
           {{"/etc/inittab",
             {{"text",
               "::sysinit:/bin/busybox mount -t proc proc /proc\n::respawn:-/bin/busybox "
               "sh\n"}}}}}}}};
    const auto file = write("mine.json", recipe.dump());
    machine_arguments = {"--image", file};
    const auto run = this->run(
        scenario({boot_step(),
                  {{"name", "user"},
                   {"run", "busybox id ada"},
                   {"match", "uid=1000\\(ada\\).*10\\(wheel\\)"}},
                  {{"name", "system"}, {"run", "cat /etc/os-release"}, {"match", "ID=alpine"}},
                  {{"poweroff", true}}}));
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
    EXPECT_EQ(run.step("user")["outcome"], "passed");
}

/// Images whose packages are configured, of packages that other tests have, too.
class package_scripts : public guest_images {
  protected:
    void SetUp() override {
        guest_images::SetUp();
        // Only images are this test's own.
        fs::create_directories(folder() / "cache");
        for (const auto* const shared : {"apt", "packages"})
            fs::create_directory_symlink(cache_directory() / shared, folder() / "cache" / shared);
    }

    program_end build_configured(const std::string& place) {
        return call(
            {"image", "build", write("configured.json", recipe.dump()), "--scripts", place});
    }

    void expect_configured(const program_end& built) {
        ASSERT_TRUE(built.status.clean()) << built.errors;
        const auto raw = folder() / "raw";
        run_program({"/usr/bin/qemu-img", "convert", "-O", "raw",
                     fs::path(trim(built.output)) / "disk.qcow2", raw},
                    folder());
        const auto look = [&](const std::string& request) {
            return run_program({find_tool("debugfs"), "-R", request, raw}, folder()).output;
        };
        EXPECT_THAT(look("cat /etc/group"), HasSubstr("audio:x:29:ada\n"));
        constexpr const char* shadow_of_debian = "Group:    42";
        EXPECT_THAT(look("stat /etc/shadow"), HasSubstr(shadow_of_debian));
        EXPECT_THAT(look("cat /etc/shadow"), HasSubstr("\nada:$6$"));
        EXPECT_THAT(look("stat /etc/alternatives/awk"), HasSubstr("/usr/bin/mawk"));
        EXPECT_THAT(look("cat /var/lib/dpkg/status"), Not(HasSubstr("install ok unpacked")));
        EXPECT_THAT(look("ls /var/lib/dpkg"), Not(HasSubstr("qharness")));
        EXPECT_THAT(look("ls /usr/sbin"), Not(HasSubstr("policy-rc.d")));
        const auto sound = run_program({find_tool("e2fsck"), "-fn", raw}, folder());
        EXPECT_TRUE(sound.status.clean()) << sound.output;
    }

    json recipe = {
        {"description", "packages that are configured"},
        {"suite", "trixie"},
        {"architecture", "riscv64"},
        {"kernel", "linux-image-riscv64"},
        {"build_space", "300M"},
        {"initrd", json::object()},
        {"disk",
         {{"size", "512M"},
          {"scripts", true},
          {"packages",
           {"base-files", "base-passwd", "dash", "coreutils", "diffutils", "findutils", "grep",
            "sed", "mawk", "perl-base", "dpkg", "libc-bin", "tar", "passwd"}},
          {"exclude", {"usr/share/doc", "usr/share/locale", "usr/share/man"}},
          {"directories", {{"/usr/lib64", "0755"}}},
          {"links",
           {{"/bin", "usr/bin"},
            {"/lib", "usr/lib"},
            {"/lib64", "usr/lib64"},
            {"/sbin", "usr/sbin"}}},
          {"users", {{"ada", {{"uid", 1000}, {"groups", {"audio"}}, {"password", "lovelace"}}}}}}}};
};

TEST_F(package_scripts, make_users_and_give_them_files_by_qemu_user) {
    const auto built = build_configured("user");
    if (built.status == exit_status{false, 4}) GTEST_SKIP() << built.errors;
    expect_configured(built);
}

TEST_F(package_scripts, do_the_same_in_a_guest_that_needs_no_root) {
    const auto built = build_configured("guest");
    expect_configured(built);
    EXPECT_THAT(built.errors, HasSubstr("image rescue: "));
    EXPECT_FALSE(fs::exists(folder() / "cache/scripts/configured"));
}

TEST_F(package_scripts, that_fail_in_a_guest_are_told_with_their_words_and_the_record) {
    recipe["disk"]["files"]["/var/lib/dpkg/info/broken.preinst"] = {
        {"text", "#!/bin/sh\necho this disk is not for me\nexit 3\n"}, {"mode", "0755"}};
    const auto built = build_configured("guest");
    EXPECT_EQ(built.status, (exit_status{false, 6}));
    EXPECT_THAT(built.errors, HasSubstr("this disk is not for me"));
    const auto records = folder() / "cache/scripts/configured";
    EXPECT_THAT(built.errors, HasSubstr("record:  " + records.string()));
    ASSERT_TRUE(fs::exists(records));
    EXPECT_TRUE(fs::exists(fs::directory_iterator(records)->path() / "result.json"));
    EXPECT_FALSE(call({"image", "path", folder() / "configured.json"}).status.clean());
}

TEST_F(guest_images, a_recipe_that_needs_a_base_says_where_people_get_it) {
    const auto end = call({"image", "build", "alpine"});
    EXPECT_EQ(end.status, (exit_status{false, 4}));
    EXPECT_THAT(end.errors, HasSubstr("alpine-minirootfs-VERSION-riscv64.tar.gz"));
    EXPECT_THAT(end.errors, HasSubstr("--base"));
}

}  // namespace
}  // namespace qh::integration
