#include "audit/known_programs.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "process/tool.hpp"
#include "support/elf_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using test::arch_section;
using test::elf_builder;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string program(std::string_view arch) {
    elf_builder file;
    file.attributes = arch_section(arch);
    return file.bytes();
}

TEST(key_programs, are_found_through_links_each_once) {
    program_survey survey;
    const auto add = [&](const std::string& path, const std::string& bytes) {
        const text_source source(bytes);
        survey.add({path, &source, {}});
    };
    const auto link = [&](const char* path, const char* target) {
        survey.add({path, nullptr, target});
    };
    add("usr/bin/busybox", program("rv64gc"));
    add("usr/bin/python3.13", program("rv64gcv"));
    add("usr/lib/riscv64-linux-gnu/libc.so.6", program("rv64gc"));
    link("bin", "usr/bin");
    link("lib", "usr/lib");
    link("sbin/init", "../bin/busybox");
    link("usr/bin/sh", "busybox");
    link("usr/bin/python3", "python3.13");
    std::vector<std::string> told;
    for (const auto& one : find_key_programs(survey, "/sbin/init", "disk"))
        told.push_back(one.role + ": " + one.file);
    EXPECT_THAT(told, ElementsAre("init: /sbin/init (usr/bin/busybox) in disk",
                                  "C library: /lib/riscv64-linux-gnu/libc.so.6 "
                                  "(usr/lib/riscv64-linux-gnu/libc.so.6) in disk",
                                  "Python: /usr/bin/python3 (usr/bin/python3.13) in disk"));
}

TEST(key_programs, init_is_what_the_kernel_is_told) {
    EXPECT_EQ(init_of_initramfs("console=ttyS0 panic=-1"), "/init");
    EXPECT_EQ(init_of_initramfs("rdinit=/a init=/b rdinit=/c"), "/c");
    EXPECT_EQ(init_of_disk("rdinit=/a"), "/sbin/init");
    EXPECT_EQ(init_of_disk("root=/dev/vda init=/bin/sh"), "/bin/sh");
}

class known_programs_of_a_machine : public test::in_temporary_folder {
  protected:
    known_programs_of_a_machine() {
        ::setenv("QHARNESS_CACHE_DIR", (folder() / "cache").c_str(), 1);
        fs::create_directory(folder() / "cache");
    }
    ~known_programs_of_a_machine() override { ::unsetenv("QHARNESS_CACHE_DIR"); }

    known_programs look() {
        return look_at_programs(machine, [](const std::string&) {});
    }

    /// An archive whose /init was compiled for `arch`.
    fs::path tar_with_init(const std::string& arch) {
        write("tree/init", program(arch));
        tool_command tar;
        tar.argv = {"tar", "-C", folder() / "tree", "-cf", folder() / "initrd", "."};
        tar.package = "tar";
        run_tool(tar);
        return folder() / "initrd";
    }

    machine_spec machine;
};

TEST_F(known_programs_of_a_machine, looks_at_a_file_once_as_long_as_it_does_not_change) {
    machine.initrd = tar_with_init("rv64gcv");
    const auto first = look().programs;
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].file, "/init in initrd");
    EXPECT_THAT(first[0].required, Contains("v"));
    // What the cache says is what counts: nothing is read again.
    auto cache = read_file(folder() / "cache/programs.json");
    cache.replace(cache.find("/init in initrd"), 15, "/from the cache");
    write("cache/programs.json", cache);
    EXPECT_EQ(look().programs[0].file, "/from the cache");
    machine.append = "rdinit=/other";
    EXPECT_THAT(look().programs, IsEmpty());
    machine.append = "";
    machine.initrd = tar_with_init("rv64gc_zba");
    EXPECT_THAT(look().programs[0].required, Not(Contains("v")));
}

TEST_F(known_programs_of_a_machine, a_cache_that_is_broken_does_no_harm) {
    machine.initrd = tar_with_init("rv64gcv");
    for (const auto* text : {"", "{", "{}", "[1]", R"([{"key": 1}])", "\xff"}) {
        write("cache/programs.json", text);
        EXPECT_EQ(look().programs.size(), 1u) << text;
        EXPECT_EQ(look().programs.size(), 1u) << text;
    }
}

TEST_F(known_programs_of_a_machine, what_cannot_be_read_is_told_and_the_rest_read) {
    machine.initrd = write("text", "no archive");
    machine.drives = {folder() / "absent", tar_with_init("rv64gc")};
    machine.append = "init=/init";
    const auto found = look();
    EXPECT_THAT(found.problems,
                ElementsAre(HasSubstr("it is no archive"), HasSubstr("No such file")));
    EXPECT_EQ(found.programs.size(), 1u);
}

}  // namespace
}  // namespace qh
