// `qharness audit buildroot` as scripts use it: output, exit codes, the file that --fix writes.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* elsewhere =
    "--provided=c-compiler,c++-compiler,fortran,cmake,ninja,patchelf,python-headers";
constexpr const char* all_but_blas =
    "BR2_TOOLCHAIN_BUILDROOT_FORTRAN=y\nBR2_PACKAGE_PYTHON3=y\nBR2_PACKAGE_PYTHON_PIP=y\n"
    "BR2_PACKAGE_PYTHON_NUMPY=y\nBR2_PACKAGE_BINUTILS=y\nBR2_PACKAGE_BINUTILS_TARGET=y\n"
    "BR2_PACKAGE_MAKE=y\nBR2_PACKAGE_GIT=y\nBR2_PACKAGE_CA_CERTIFICATES=y\n"
    "BR2_TARGET_ROOTFS_EXT2=y\nBR2_TARGET_ROOTFS_EXT2_SIZE=\"20G\"\n";

class audit : public harness_test {
  protected:
    program_end audit_of(const std::string& file, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments = {"audit", "buildroot", file};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return call(arguments);
    }
};

TEST_F(audit, ends_1_and_names_what_is_required_and_missing) {
    write("x_defconfig", all_but_blas);
    const auto end = audit_of("x_defconfig", {elsewhere});
    EXPECT_EQ(end.status, (exit_status{false, 1}));
    EXPECT_THAT(end.output, HasSubstr("MISSING  blas-lapack        add BR2_PACKAGE_OPENBLAS=y"));
    EXPECT_THAT(end.output,
                testing::EndsWith("not ready to build PyTorch, missing: blas-lapack\n"));
    EXPECT_EQ(end.errors, "");
}

TEST_F(audit, ends_0_where_only_recommended_ones_are_missing) {
    write("x_defconfig", std::string(all_but_blas) + "BR2_PACKAGE_LAPACK=y\n");
    const auto end = audit_of("x_defconfig", {elsewhere});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.output;
    EXPECT_THAT(end.output, HasSubstr("advised  pyyaml"));
}

TEST_F(audit, fix_writes_the_lines_through_a_link_and_does_it_once) {
    write("real_defconfig", all_but_blas);
    fs::permissions(folder() / "real_defconfig", fs::perms(0640));
    fs::create_symlink("real_defconfig", folder() / "x_defconfig");
    const auto fixed = audit_of("x_defconfig", {elsewhere, "--fix"});
    EXPECT_EQ(fixed.status, (exit_status{false, 0})) << fixed.output;
    EXPECT_THAT(fixed.output, HasSubstr("  added: BR2_PACKAGE_OPENBLAS=y\n"));
    EXPECT_TRUE(fs::is_symlink(folder() / "x_defconfig"));
    EXPECT_EQ(fs::status(folder() / "real_defconfig").permissions(), fs::perms(0640));
    const auto text = read_file(folder() / "real_defconfig");
    EXPECT_THAT(text, testing::StartsWith(all_but_blas));
    EXPECT_THAT(text, HasSubstr("\nBR2_PACKAGE_PYTHON_PYYAML=y\n"));
    const auto again = audit_of("x_defconfig", {elsewhere, "--fix"});
    EXPECT_THAT(again.output, testing::EndsWith("x_defconfig: nothing to add\n"));
    EXPECT_EQ(read_file(folder() / "real_defconfig"), text);
}

TEST_F(audit, without_fix_the_file_stays_as_it_is) {
    write("x_defconfig", all_but_blas);
    audit_of("x_defconfig");
    EXPECT_EQ(read_file(folder() / "x_defconfig"), all_but_blas);
}

TEST_F(audit, json_is_one_document_and_holds_the_warnings) {
    write("x_defconfig", std::string(all_but_blas) + "BR2_PACKAGE_GIT\n");
    const auto end = audit_of("x_defconfig", {elsewhere, "--json", "--fix"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.output;
    EXPECT_EQ(end.errors, "");
    const auto document = parse_json(end.output);
    EXPECT_EQ(document["ready"], true);
    EXPECT_THAT(document["fixed"]["added"], testing::Contains("BR2_PACKAGE_OPENBLAS=y"));
    EXPECT_EQ(document["warnings"][0]["line"], 12);
    EXPECT_EQ(document["warnings"][0]["column"], 16);
}

TEST_F(audit, warns_with_file_line_and_column) {
    write("x_defconfig", "BR2_PACKAGE_GIT\n");
    EXPECT_THAT(audit_of("x_defconfig").errors,
                testing::StartsWith("x_defconfig:1:16: warning: expected \"=\""));
}

TEST_F(audit, ends_4_on_what_it_cannot_read_or_does_not_know) {
    write("binary", std::string("\0\1", 2));
    write("x_defconfig", all_but_blas);
    write("linux.config", "CONFIG_RISCV=y\n");
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
        {{"none_defconfig"}, "cannot open none_defconfig: No such file"},
        {{"binary"}, "binary is a binary file"},
        {{"linux.config", "--fix"}, "not one BR2_ symbol is in it; by its line 1 it is a Linux"},
        {{"x_defconfig", "--provided=gc"}, "did you mean \"gcc\"?"},
        {{"x_defconfig", "--min-disk=lots"}, "'lots' is not a memory size"}};
    for (const auto& [arguments, words] : wrong) {
        const auto end = audit_of(arguments[0], {arguments.begin() + 1, arguments.end()});
        EXPECT_EQ(end.status, (exit_status{false, 4})) << words;
        EXPECT_THAT(end.errors, HasSubstr(words));
        EXPECT_EQ(end.output, "");
    }
    EXPECT_EQ(read_file(folder() / "linux.config"), "CONFIG_RISCV=y\n") << "--fix writes nothing";
}

TEST_F(audit, has_a_word_on_a_configuration_for_another_machine) {
    write("x_defconfig", std::string(all_but_blas) + "BR2_aarch64=y\n");
    EXPECT_THAT(audit_of("x_defconfig", {elsewhere}).errors,
                HasSubstr("x_defconfig:12:1: warning: BR2_aarch64 builds for AArch64"));
    const auto document = parse_json(audit_of("x_defconfig", {elsewhere, "--json"}).output);
    EXPECT_EQ(document["warnings"][0]["line"], 12);
}

}  // namespace
}  // namespace qh::integration
