#include "image/content/kernel_modules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

std::string module_bytes(const std::string& dependencies) {
    using namespace std::string_literals;
    return "\x7f"
           "ELF license=GPL\0depends="s +
           dependencies + "\0name=x\0"s;
}

TEST(ModuleDependencies, AreReadFromTheModule) {
    EXPECT_THAT(module_dependencies(module_bytes("jbd2,mbcache,crc-16")),
                ElementsAre("jbd2", "mbcache", "crc_16"));
    EXPECT_THAT(module_dependencies(module_bytes("")), IsEmpty());
    EXPECT_THAT(module_dependencies("no such field: depends=x"), IsEmpty());
}

TEST(ModuleLoadOrder, PutsDependenciesFirstAndEachOnce) {
    const std::map<std::string, std::vector<std::string>> graph = {
        {"ext4", {"jbd2", "mbcache", "crc16"}}, {"jbd2", {"crc16"}}};
    const auto order = module_load_order({"virtio-blk", "ext4", "jbd2"}, [&](const auto& name) {
        const auto found = graph.find(name);
        return found == graph.end() ? std::vector<std::string>() : found->second;
    });
    EXPECT_THAT(order, ElementsAre("virtio_blk", "crc16", "jbd2", "mbcache", "ext4"));
}

TEST(ModuleLoadOrder, RefusesACircle) {
    EXPECT_THROW(module_load_order({"a"},
                                   [](const std::string& name) {
                                       return std::vector<std::string>{name == "a" ? "b" : "a"};
                                   }),
                 error);
}

TEST(LoadKernelModules, LeavesOutBuiltInOnesAndNamesUnknownOnes) {
    const temporary_directory scratch(fs::temp_directory_path(), "modules");
    const fs::path kernel = scratch.path() / "6.12";
    fs::create_directories(kernel / "kernel/fs");
    write_file_atomically(kernel / "modules.builtin", "kernel/drivers/rng-core.ko\n");
    write_file_atomically(kernel / "kernel/fs/top-fs.ko", module_bytes("base,rng-core"));
    write_file_atomically(kernel / "kernel/fs/base.ko", module_bytes(""));
    const auto modules = load_kernel_modules(kernel, {"top_fs"});
    ASSERT_EQ(modules.size(), 2u);
    EXPECT_EQ(modules[0].name, "base");
    EXPECT_EQ(modules[1].name, "top_fs");
    EXPECT_EQ(modules[1].content, module_bytes("base,rng-core"));
    try {
        load_kernel_modules(kernel, {"absent"});
        FAIL();
    } catch (const error& e) {
        EXPECT_THAT(e.what(), HasSubstr("6.12 has no module absent"));
    }
}

TEST(IndexKernelModules, MakesWhatModprobeReadsForEachKernel) {
    if (find_tool("depmod").empty()) GTEST_SKIP() << "depmod is not installed";
    const temporary_directory scratch(fs::temp_directory_path(), "modules");
    EXPECT_NO_THROW(index_kernel_modules(scratch.path(), {}));
    fs::create_directory_symlink("usr/lib", scratch.path() / "lib");
    for (const char* const kernel : {"6.1", "6.12"}) {
        fs::create_directories(scratch.path() / "usr/lib/modules" / kernel);
        write_file_atomically(scratch.path() / "usr/lib/modules" / kernel / "modules.builtin", "");
        write_file_atomically(scratch.path() / "usr/lib/modules" / kernel / "modules.order", "");
    }
    index_kernel_modules(scratch.path(), {});
    EXPECT_TRUE(fs::exists(scratch.path() / "usr/lib/modules/6.1/modules.dep.bin"));
    EXPECT_TRUE(fs::exists(scratch.path() / "usr/lib/modules/6.12/modules.dep.bin"));
}

}  // namespace
}  // namespace qh
