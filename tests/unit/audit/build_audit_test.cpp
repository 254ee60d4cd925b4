// The shipped table against configurations like the one that people bring.
#include "audit/build_audit.hpp"

#include <gmock/gmock.h>

#include "audit/audit_report.hpp"
#include "audit/config_edit.hpp"

namespace qh {
namespace {

using state = audit_finding::state;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Python with its modules, pip, NumPy, LLVM and the usual tools, in an initramfs.
constexpr const char* usual =
    "BR2_riscv=y\n"
    "BR2_TOOLCHAIN_BUILDROOT_GLIBC=y\n"
    "BR2_TOOLCHAIN_BUILDROOT_CXX=y\n"
    "BR2_TOOLCHAIN_BUILDROOT_FORTRAN=y\n"
    "BR2_PACKAGE_PYTHON3=y\n"
    "BR2_PACKAGE_PYTHON3_BZIP2=y\n"
    "BR2_PACKAGE_PYTHON3_CURSES=y\n"
    "BR2_PACKAGE_PYTHON3_READLINE=y\n"
    "BR2_PACKAGE_PYTHON3_SQLITE=y\n"
    "BR2_PACKAGE_PYTHON_PIP=y\n"
    "BR2_PACKAGE_PYTHON_NUMPY=y\n"
    "BR2_PACKAGE_CLANG=y\n"
    "BR2_PACKAGE_BINUTILS=y\n"
    "BR2_PACKAGE_BINUTILS_TARGET=y\n"
    "BR2_PACKAGE_MAKE=y\n"
    "BR2_PACKAGE_CMAKE=y\n"
    "BR2_PACKAGE_GIT=y\n"
    "BR2_PACKAGE_TAR=y\n"
    "BR2_PACKAGE_DROPBEAR=y\n"
    "BR2_PACKAGE_WGET=y\n"
    "BR2_PACKAGE_CA_CERTIFICATES=y\n"
    "BR2_TARGET_ROOTFS_CPIO_GZIP=y\n";

constexpr const char* complete_head = "# Automatically generated file; DO NOT EDIT.\n";

class audit_of_usual : public testing::Test {
  protected:
    build_audit audit(const std::string& text) {
        config = buildroot_config::parse(text, "x_defconfig");
        return {config, table, options};
    }

    audit_finding finding(const std::string& name, const std::string& text) {
        const auto audited = audit(text);
        for (const auto& one : audited.findings())
            if (one.what.name == name) return one;
        throw std::runtime_error("no finding " + name);
    }

    std::string_view state_of(const std::string& name, const std::string& more) {
        return name_of(finding(name, usual + more).is);
    }

    const std::vector<requirement> table = load_requirements();
    audit_options options;
    buildroot_config config;
};

std::vector<std::string> texts(const std::vector<config_setting>& lines) {
    std::vector<std::string> texts;
    for (const auto& line : lines) texts.push_back(line.line());
    return texts;
}

TEST_F(audit_of_usual, tells_present_missing_and_advised_apart) {
    const auto found = audit(usual);
    EXPECT_FALSE(found.is_ready());
    EXPECT_THAT(found.names(state::missing),
                ElementsAre("python-headers", "c-compiler", "c++-compiler", "fortran", "cmake",
                            "ninja", "patchelf", "blas-lapack", "disk"));
    EXPECT_THAT(found.names(state::advised), ElementsAre("gcc", "g++", "clang", "ccache",
                                                         "typing-extensions", "pyyaml", "cffi"));
    EXPECT_THAT(found.names(state::unknown), ElementsAre("memory"));
    EXPECT_THAT(texts(found.lines_to_add()),
                ElementsAre("BR2_PACKAGE_OPENBLAS=y", "BR2_CCACHE=y",
                            "BR2_PACKAGE_PYTHON_TYPING_EXTENSIONS=y", "BR2_PACKAGE_PYTHON_PYYAML=y",
                            "BR2_PACKAGE_PYTHON_CFFI=y", "BR2_TARGET_ROOTFS_EXT2=y",
                            "BR2_TARGET_ROOTFS_EXT2_SIZE=\"24G\""));
}

TEST_F(audit_of_usual, what_is_selected_by_something_else_is_present) {
    // pip selects setuptools and ssl, setuptools selects zlib and pyexpat.
    for (const auto* name : {"setuptools", "ssl", "zlib", "pyexpat"})
        EXPECT_THAT(finding(name, usual).by, HasSubstr("BR2_PACKAGE_PYTHON_PIP (line 10)")) << name;
    EXPECT_EQ(finding("pyexpat", "BR2_PACKAGE_PYTHON3=y\n").is, state::advised);
}

TEST_F(audit_of_usual, a_package_of_python_without_python_is_none) {
    const auto pip = finding("pip", "BR2_PACKAGE_PYTHON_PIP=y\n");
    EXPECT_EQ(pip.is, state::missing);
    EXPECT_THAT(texts(pip.lines), ElementsAre("BR2_PACKAGE_PYTHON3=y"));
}

TEST_F(audit_of_usual, says_what_is_set_in_vain) {
    EXPECT_THAT(finding("clang", usual).idle, ElementsAre("BR2_PACKAGE_CLANG (line 12)"));
    EXPECT_THAT(finding("cmake", usual).idle, ElementsAre("BR2_PACKAGE_CMAKE (line 16)"));
    EXPECT_THAT(finding("cmake", usual).lines, IsEmpty());
    EXPECT_THAT(finding("fortran", usual).idle, Contains(HasSubstr("BUILDROOT_FORTRAN")));
    EXPECT_THAT(audit_text(audit(usual)), HasSubstr("BR2_PACKAGE_CMAKE (line 16) does not put"));
}

TEST_F(audit_of_usual, a_symbol_of_another_tree_counts_where_kconfig_wrote_it) {
    const std::string ninja = "BR2_PACKAGE_NINJA=y\n";
    EXPECT_EQ(state_of("ninja", ninja), "missing");
    EXPECT_THAT(finding("ninja", usual + ninja).foreign,
                ElementsAre("BR2_PACKAGE_NINJA (line 23)"));
    EXPECT_EQ(finding("ninja", complete_head + ninja).is, state::present);
}

TEST_F(audit_of_usual, openblas_has_lapack_only_with_fortran) {
    const std::string openblas = "BR2_PACKAGE_OPENBLAS=y\n";
    EXPECT_EQ(state_of("blas-lapack", openblas), "present");
    EXPECT_EQ(state_of("blas-lapack", "BR2_PACKAGE_LAPACK=y\n"), "present");
    const auto without = finding("blas-lapack", openblas);
    EXPECT_EQ(without.is, state::missing);
    EXPECT_THAT(texts(without.lines), ElementsAre("BR2_TOOLCHAIN_BUILDROOT_FORTRAN=y"));
}

TEST_F(audit_of_usual, binutils_are_programs_only_where_they_are_asked_for) {
    EXPECT_EQ(finding("binutils", "BR2_PACKAGE_BINUTILS=y\n").is, state::missing);
    EXPECT_EQ(state_of("binutils", ""), "present");
}

TEST_F(audit_of_usual, busybox_brings_tools_unless_it_is_switched_off) {
    EXPECT_THAT(finding("patch", usual).by, "BR2_PACKAGE_BUSYBOX (by default)");
    EXPECT_EQ(state_of("patch", "# BR2_PACKAGE_BUSYBOX is not set\n"), "advised");
    EXPECT_EQ(state_of("tar", "# BR2_PACKAGE_BUSYBOX is not set\n"), "present");
}

TEST_F(audit_of_usual, the_disk_must_be_larger_than_what_must_be_free) {
    const auto with_size = [&](const std::string& size) {
        return state_of("disk",
                        "BR2_TARGET_ROOTFS_EXT2=y\nBR2_TARGET_ROOTFS_EXT2_SIZE=\"" + size + "\"\n");
    };
    EXPECT_EQ(with_size("512M"), "missing");
    EXPECT_EQ(with_size("15G"), "missing");
    EXPECT_EQ(with_size("16G"), "present");
    EXPECT_EQ(state_of("disk", "BR2_TARGET_ROOTFS_EXT2=y\n"), "missing");
    options.min_disk_bytes = 1 << 28;
    EXPECT_EQ(with_size("512M"), "present");
}

TEST_F(audit_of_usual, what_comes_from_elsewhere_is_present) {
    options.provided = {"gcc", "g++", "fortran", "cmake", "ninja", "patchelf", "python-headers"};
    const auto found = audit(usual);
    EXPECT_THAT(found.names(state::missing), ElementsAre("blas-lapack", "disk"));
    const auto mended = with_settings(usual, found.lines_to_add());
    EXPECT_TRUE(audit(mended.text).is_ready());
    EXPECT_THAT(audit_text(audit(mended.text)), testing::EndsWith("\nready to build PyTorch\n"));
}

TEST_F(audit_of_usual, an_empty_configuration_lacks_all_but_busybox) {
    const auto found = audit("");
    EXPECT_THAT(found.names(state::present), ElementsAre("patch", "diffutils", "tar", "gzip",
                                                         "bzip2", "xz", "download", "dhcp"));
}

TEST_F(audit_of_usual, json_says_the_same) {
    const auto document = audit_json(audit(usual));
    EXPECT_EQ(document["ready"], false);
    EXPECT_THAT(document["missing"], Contains("blas-lapack"));
    EXPECT_THAT(document["lines"], Contains("BR2_PACKAGE_OPENBLAS=y"));
    EXPECT_EQ(document["requirements"].size(), table.size());
    EXPECT_EQ(document["requirements"][0]["state"], "present");
    EXPECT_EQ(document["requirements"][0]["by"], "BR2_PACKAGE_PYTHON3 (line 5)");
}

TEST_F(audit_of_usual, no_line_of_the_table_is_wider_than_a_hundred_columns) {
    const auto text = audit_text(audit(usual));
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
        const auto line = text.substr(at, end - at);
        EXPECT_TRUE(line.size() <= 100 || line.find(" missing: ") != line.npos) << line;
    }
}

}  // namespace
}  // namespace qh
