// Root filesystems with code for a CPU that the guest has not, in the real QEMU.
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "image/assemble/initrd.hpp"
#include "image/content/guest_tree.hpp"
#include "riscv_program.hpp"

namespace qh::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class guest_isa : public guest_test {
  protected:
    void SetUp() override {
        guest_test::SetUp();
        const auto located = call({"image", "path", "tiny"});
        image_ = std::string(trim(located.output));
        machine_arguments = {"--image", "tiny"};
    }

    /// The tiny guest with more or other files; a second archive behind its initrd replaces them.
    void add_files(const std::map<std::string, std::string>& files) {
        guest_tree tree(folder() / "more");
        for (const auto& [path, content] : files) tree.write_file(path, content, 0755);
        write_initrd({.tree = tree.root()}, folder() / "more.cpio.gz");
        const auto initrd =
            write("initrd", read_file(image_ / "initrd") + read_file(folder() / "more.cpio.gz"));
        machine_arguments = {"--kernel", image_ / "kernel", "--initrd", initrd};
    }

    recorded_run boot(const std::vector<std::string>& arguments) {
        return run(scenario({boot_step(), {{"poweroff", true}}}), arguments);
    }

  private:
    std::filesystem::path image_;
};

TEST_F(guest_isa, an_init_with_vector_code_is_explained_with_file_extension_and_cpu) {
    add_files({{"/init", program_bytes(first_act::vector, "init")}});
    const auto run = boot({"--cpu", "rv64"});
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_EQ(run.result["outcome"], "crashed");
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                AllOf(HasSubstr("Attempted to kill init!"), HasSubstr("SIGILL in /init: vsetvli"),
                      HasSubstr("the vector extension (v)"), HasSubstr("--cpu rv64,v=true")));
    const auto& explanation = run.result["failures"][0]["explanation"];
    EXPECT_EQ(explanation["file"], "init");
    EXPECT_EQ(explanation["pc"], "0x1007c");
    EXPECT_EQ(explanation["word"], "0x0c0072d7");
    EXPECT_EQ(explanation["cpu"], "rv64,v=true");
    EXPECT_THAT(run.end.output, HasSubstr("--cpu rv64,v=true"));
    const auto& warning = run.result["warnings"][0];
    EXPECT_EQ(warning["programs"],
              parse_json(R"([{"role": "init", "file": "/init in initrd", "lacking": ["v"]}])"));
    EXPECT_THAT(run.end.errors, HasSubstr("warning: init, /init in initrd, needs v, and -cpu rv64 "
                                          "lacks it; --cpu rv64,v=true has it"));
}

TEST_F(guest_isa, the_advised_cpu_boots_it) {
    add_files({{"/init", program_bytes(first_act::vector, "init")}});
    const auto run = boot({"--cpu", "rv64,v=true"});
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
    EXPECT_FALSE(run.result.contains("warnings"));
}

TEST_F(guest_isa, a_night_tells_before_its_first_boot_which_cells_do_not_fit) {
    add_files({{"/init", program_bytes(first_act::vector, "init")}});
    const json machine = {{"kernel", machine_arguments[1]}, {"initrd", machine_arguments[3]}};
    scenario({boot_step(), {{"poweroff", true}}}, machine);
    const json matrix = {{"name", "fit"},
                         {"scenarios", {"test.json"}},
                         {"axes", {{"cpu", {"rv64", "rv64,v=true"}}}}};
    const auto end = call({"matrix", write("fit.matrix.json", dump(matrix)).string(), "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto told = end.errors.find(
        "one cell: init, /init in initrd, needs v, and -cpu rv64 lacks it; --cpu rv64,v=true has "
        "it");
    EXPECT_LT(told, end.errors.find("1/2")) << end.errors;
    const auto night = parse_json(end.output);
    EXPECT_EQ(night["cells"][0]["outcome"], "crashed");
    EXPECT_EQ(night["cells"][1]["outcome"], "passed");
}

// What a file asks for is not what it executes: only the guest's end decides.
TEST_F(guest_isa, a_warning_fails_nothing) {
    add_files({{"/usr/bin/python3", program_bytes(first_act::vector, "true")}});
    const auto run =
        this->run(scenario({boot_step(), {{"run", "command -v python3"}}, {{"poweroff", true}}}),
                  {"--cpu", "rv64"});
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
    EXPECT_EQ(run.result["warnings"][0]["programs"][0]["role"], "Python");
}

TEST_F(guest_isa, the_same_without_vector_code_boots) {
    add_files({{"/init", program_bytes(first_act::nothing, "init")}});
    EXPECT_EQ(boot({"--cpu", "rv64"}).result["outcome"], "passed");
}

TEST_F(guest_isa, an_init_on_a_quiet_kernel_is_told_as_far_as_known) {
    add_files({{"/init", program_bytes(first_act::vector, "init")}});
    const auto run = boot({"--append", "quiet"});
    EXPECT_EQ(run.result["outcome"], "crashed");
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                AllOf(HasSubstr("SIGILL in init: /init in initrd needs v, which -cpu rv64 lacks"),
                      HasSubstr("loglevel=7")));
}

class guest_isa_program : public guest_isa, public testing::WithParamInterface<const char*> {};

TEST_P(guest_isa_program, explains_a_steps_program_and_goes_on) {
    add_files({{"/usr/bin/vtest", program_bytes(first_act::vector, "true")},
               {"/usr/bin/gives-up", program_bytes(first_act::unimp, "true")},
               {"/usr/bin/plain", program_bytes(first_act::nothing, "true")}});
    const auto run =
        this->run(scenario({boot_step(),
                            {{"name", "vector"}, {"run", "vtest"}, {"on_fail", "continue"}},
                            {{"name", "unimp"}, {"run", "gives-up"}, {"on_fail", "continue"}},
                            {{"name", "plain"}, {"run", "plain"}},
                            {{"poweroff", true}}},
                           {{"channel", GetParam()}}),
                  {"--cpu", "rva22s64,v=false"});
    EXPECT_EQ(run.result["outcome"], "crashed") << run.end.output;
    EXPECT_THAT(run.step("vector")["reason"].get<std::string>(),
                AllOf(HasSubstr("exit status 132"), HasSubstr("SIGILL in vtest: vsetvli"),
                      HasSubstr("run with --cpu rva22s64,v=true")));
    EXPECT_THAT(run.step("unimp")["reason"].get<std::string>(),
                HasSubstr("SIGILL in gives-up: unimp at pc 0x1007c, which is illegal on every"));
    EXPECT_EQ(run.step("plain")["outcome"], "passed");
}

INSTANTIATE_TEST_SUITE_P(all, guest_isa_program, testing::Values("console", "virtio"));

}  // namespace
}  // namespace qh::integration
