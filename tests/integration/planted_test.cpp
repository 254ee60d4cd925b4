// Faults planted into a night of real guests come out under their own names.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "riscv_program.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class planted : public guest_test {
  protected:
    /// A QEMU that does `first` when it is to boot a cell: only cells have one GiB of memory.
    void write_qemu(const std::string& name, const std::string& first) {
        write(name, "#!/bin/sh\ncase \"$*\" in *'-m 1024'*) " + first +
                        ";; esac\nexec qemu-system-riscv64 \"$@\"\n");
        fs::permissions(folder() / name, fs::perms::owner_all);
    }

    static json cell(const json& night, const std::string& part) {
        for (const auto& cell : night["cells"])
            if (cell["name"].get<std::string>().find(part) != std::string::npos) return cell;
        return {};
    }
};

TEST_F(planted, a_regression_a_flake_and_a_fault_of_the_infrastructure_have_their_names) {
    write("vlen", vector_length_program());
    write("s.json", dump({{"name", "s"},
                          {"machine", {{"image", "tiny"}, {"memory", "1G"}}},
                          {"steps",
                           {boot_step(),
                            {{"upload", {{"from", "vlen"}, {"to", "/tmp/vlen"}, {"mode", "755"}}}},
                            {{"name", "fft"}, {"run", "/tmp/vlen; test $? != 64"}},
                            {{"name", "one hart"}, {"run", "test $(nproc) = 1"}},
                            {{"poweroff", true}}}}}));
    write_qemu("flaky_qemu", "mkdir \"${0%/*}/mark\" 2>/dev/null && set -- \"$@\" -smp 2");
    write_qemu("dying_qemu", "kill -9 $$");
    const auto matrix = write(
        "planted.matrix.json",
        dump({{"name", "planted"},
              {"scenarios", {"s.json"}},
              {"axes",
               {{"cpu", {"rv64,v=true,vlen=128", "rv64,v=true,vlen=256", "rv64,v=true,vlen=512"}}}},
              {"retries", 1},
              {"include",
               {{{"scenario", "s.json"}, {"cpu", "rv64,v=true"}, {"qemu", "./flaky_qemu"}},
                {{"scenario", "s.json"}, {"cpu", "rv64,v=true"}, {"qemu", "./dying_qemu"}}}}}));
    const auto end = call({"matrix", matrix.string(), "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto night = parse_json(end.output);
    EXPECT_EQ(night["counts"],
              (json{{"passed", 2}, {"failed", 1}, {"flaky", 1}, {"infra_error", 1}}))
        << end.errors;
    const auto regression = cell(night, "vlen=512");
    EXPECT_EQ(regression["outcome"], "failed");
    EXPECT_THAT(regression["reason"].get<std::string>(), HasSubstr("step \"fft\""));
    const auto flake = cell(night, "flaky_qemu");
    EXPECT_EQ(flake["outcome"], "flaky");
    EXPECT_THAT(flake["reason"].get<std::string>(),
                AllOf(HasSubstr("passed at attempt 2"), HasSubstr("step \"one hart\"")));
    const auto fault = cell(night, "dying_qemu");
    EXPECT_EQ(fault["outcome"], "infra_error");
    EXPECT_THAT(fault["reason"].get<std::string>(), HasSubstr("killed by signal 9"));
    EXPECT_EQ(fault["attempts"].size(), 2u);
}

}  // namespace
}  // namespace qh::integration
