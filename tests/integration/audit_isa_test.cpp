// `qharness audit isa` on what guests are made of, and QEMU's own word on their CPUs.
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "image/assemble/initrd.hpp"
#include "image/content/guest_tree.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"
#include "riscv_program.hpp"
#include "support/elf_bytes.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class audit_isa : public harness_test {
  protected:
    program_end audit(const std::string& path, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments = {"audit", "isa", path};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call(arguments);
    }

    json audit_json(const std::string& path, const std::vector<std::string>& more = {}) const {
        auto arguments = more;
        arguments.push_back("--json");
        return parse_json(audit(path, arguments).output);
    }

    static std::string program_for(std::string_view arch) {
        test::elf_builder file;
        file.attributes = test::arch_section(arch);
        return file.bytes();
    }

    fs::path initramfs(first_act act) const {
        guest_tree tree(folder() / "tree");
        tree.write_file("/init", program_bytes(act, "init"), 0755);
        write_initrd({.tree = tree.root()}, folder() / "initrd.cpio.gz");
        return folder() / "initrd.cpio.gz";
    }
};

TEST_F(audit_isa, names_the_program_of_an_initramfs_that_needs_vectors) {
    const auto initrd = initramfs(first_act::vector).string();
    const auto end = audit(initrd, {"--cpu", "rv64"});
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    EXPECT_THAT(end.output,
                AllOf(HasSubstr("v, the vector extension (1 file needs it): --cpu rv64,v=true\n"
                                "  init  no attributes; vector code at 0x7c\n"),
                      HasSubstr("all run with --cpu rv64,v=true\n")));
    EXPECT_EQ(audit(initrd, {"--cpu", "rv64,v=true"}).status, (exit_status{false, 0}));
    EXPECT_EQ(audit(initrd, {"--cpu", "rva23s64"}).status, (exit_status{false, 0}));
}

TEST_F(audit_isa, passes_an_initramfs_that_needs_nothing_more) {
    EXPECT_EQ(audit(initramfs(first_act::nothing).string()).status, (exit_status{false, 0}));
}

TEST_F(audit_isa, advises_a_cpu_that_qemu_has_where_a_vendors_cannot_have_more) {
    const auto document =
        audit_json(initramfs(first_act::vector).string(), {"--cpu", "sifive-u54"});
    EXPECT_EQ(document["fits"], false);
    EXPECT_EQ(document["cpu_for_all"], "rv64,v=true");
    EXPECT_EQ(document["needs"][0]["extension"], "v");
}

/// Whatever it is advised, QEMU takes.
TEST_F(audit_isa, advises_only_what_qemu_takes) {
    write("vectors", program_for("rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_v1p0_zvl256b1p0_xmine1p0"));
    write("zcmp", program_for("rv64i2p1_m2p0_a2p1_f2p2_d2p2_zca1p0_zcmp1p0"));
    write("draft", program_for("rv64i2p0_m2p0_a2p0_f2p0_d2p0_c2p0_v0p7_zvlsseg0p7"));
    const auto vectors = audit("vectors").output;
    EXPECT_THAT(vectors, AllOf(HasSubstr("v, the vector extension (1 file needs it): --cpu "
                                         "rv64,v=true\n"),
                               HasSubstr(" bits (1 file needs it): --cpu rv64,v=true,vlen=256\n"),
                               HasSubstr("xmine (1 file needs it): this QEMU does not have it\n")));
    EXPECT_THAT(audit("zcmp").output,
                AllOf(HasSubstr("QEMU refuses it together with"),
                      HasSubstr("incompatible with Zcd"), Not(HasSubstr("--cpu rv64,zcmp"))));
    for (const auto* const cpu : {"rv64", "rv64,v=true", "rva23s64"}) {
        const auto end = audit("draft", {"--cpu", cpu});
        EXPECT_EQ(end.status, (exit_status{false, 1})) << cpu;
        EXPECT_THAT(end.output, AllOf(HasSubstr("v 0.7, another instruction set"),
                                      HasSubstr("xtheadvector"), Not(HasSubstr("--cpu"))));
    }
}

TEST_F(audit_isa, reads_a_folder_and_a_file_too) {
    initramfs(first_act::vector);
    for (const auto* path : {"tree", "tree/init"})
        EXPECT_EQ(audit_json(path)["needs"][0]["files"][0]["path"], "init");
}

TEST_F(audit_isa, ends_4_on_what_it_cannot_read) {
    write("text", "no archive\n");
    for (const auto* path : {"text", "absent", "/dev/null"}) {
        const auto end = audit(path);
        EXPECT_EQ(end.status, (exit_status{false, 4}));
        EXPECT_THAT(end.errors, HasSubstr(path));
        EXPECT_EQ(end.output, "");
    }
}

TEST_F(audit_isa, ends_6_with_qemus_words_where_qemu_does_not_start) {
    const auto initrd = initramfs(first_act::nothing).string();
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{"--cpu", "bogus"}, "'bogus'"},
        {{"--cpu", "rv64,v=true,vlen=100"}, "power of 2"},
        {{"--qemu", "no-such-qemu"}, "no-such-qemu"},
        {{"--qemu", "/bin/false"}, "exited with status 1"}};
    for (const auto& [arguments, words] : cases) {
        const auto end = audit(initrd, arguments);
        EXPECT_EQ(end.status, (exit_status{false, 6})) << words;
        EXPECT_THAT(end.errors, HasSubstr(words));
    }
}

/// The PyTorch image's files, unpacked; another tool must agree on them.
class audit_isa_of_pytorch : public audit_isa {
  protected:
    void SetUp() override {
        if (find_tool(readelf).empty())
            GTEST_SKIP() << "riscv64-linux-gnu-readelf (binutils-riscv64-linux-gnu) is not here";
        const auto built = run_program({QHARNESS_PROGRAM, "image", "build", "debian-pytorch"},
                                       folder(), {}, std::chrono::minutes(50));
        ASSERT_TRUE(built.status.clean()) << built.errors;
        const auto path = call({"image", "path", "debian-pytorch"});
        disk_ = fs::path(trim(path.output)) / "disk.qcow2";
        raw_ = folder() / "disk.raw";
        run({"qemu-img", "convert", "-O", "raw", disk_, raw_});
        tree_ = folder() / "tree";
        fs::create_directory(tree_);
        run({"debugfs", "-R", "rdump / " + tree_.string(), raw_});
    }

    static std::string run(const std::vector<std::string>& argv) {
        tool_command command;
        command.argv = argv;
        command.package = "e2fsprogs qemu-utils tar binutils-riscv64-linux-gnu";
        return run_tool(command);
    }

    /// Tag_RISCV_arch as binutils prints it, or null.
    json arch_by_readelf(const std::string& path) {
        if (!path.ends_with(')')) return arch_in(run({readelf, "-A", tree_ / path}));
        const auto archive = path.substr(0, path.rfind('('));
        auto& members = archives_[archive];
        if (members.empty()) members = members_by_readelf(archive);
        return members.at(path);
    }

    static json arch_in(const std::string& printed) {
        constexpr std::string_view before = "Tag_RISCV_arch: \"";
        const auto begin = printed.find(before);
        if (begin == std::string::npos) return {};
        const auto text = printed.substr(begin + before.size());
        return text.substr(0, text.find('"'));
    }

    /// Each by its path as the audit tells it: PATH(MEMBER), or PATH(MEMBER, 2).
    std::map<std::string, json> members_by_readelf(const std::string& archive) const {
        const auto printed = run({readelf, "-A", tree_ / archive});
        const auto before = "File: " + (tree_ / archive).string() + "(";
        std::map<std::string, json> members;
        for (auto at = printed.find(before); at != printed.npos;) {
            const auto next = std::min(printed.find(before, at + 1), printed.size());
            const auto name_at = at + before.size();
            const auto name = printed.substr(name_at, printed.find(")\n", name_at) - name_at);
            auto path = fmt::format("{}({})", archive, name);
            for (int count = 2; members.contains(path); ++count)
                path = fmt::format("{}({}, {})", archive, name, count);
            members[path] = arch_in(printed.substr(at, next - at));
            at = next < printed.size() ? next : printed.npos;
        }
        return members;
    }

    static constexpr const char* readelf = "riscv64-linux-gnu-readelf";
    std::map<std::string, std::map<std::string, json>> archives_;
    fs::path disk_, raw_, tree_;
};

TEST_F(audit_isa_of_pytorch, agrees_with_readelf_on_every_file_and_finds_the_same_everywhere) {
    const auto document = audit_json(tree_);
    EXPECT_GT(document["elf_files"].size(), 2000u);
    for (const auto& file : document["elf_files"]) {
        const auto path = file["path"].get<std::string>();
        EXPECT_EQ(file.value("arch", json()), arch_by_readelf(path)) << path;
        EXPECT_FALSE(file.contains("problem")) << file["problem"];
    }
    for (const auto& disk : {disk_, raw_}) {
        const auto same = audit_json(disk);
        EXPECT_EQ(same["elf_files"], document["elf_files"]) << disk;
        EXPECT_EQ(same["files"], document["files"]);
    }
    run({"tar", "-C", tree_, "-cf", folder() / "tree.tar", "."});
    EXPECT_EQ(audit_json("tree.tar")["elf_files"], document["elf_files"]);
}

// The image is known to run on rv64, with vector code in OpenBLAS and libcrypto.
TEST_F(audit_isa_of_pytorch, fits_a_cpu_without_vectors) {
    const auto document = audit_json(tree_, {"--cpu", "rv64"});
    EXPECT_EQ(document["fits"], true) << dump(document["needs"], 2);
    EXPECT_THAT(dump(document["choosing"]), HasSubstr("libopenblas"));
    EXPECT_THAT(dump(document["found"]), HasSubstr("libcrypto"));
}

}  // namespace
}  // namespace qh::integration
