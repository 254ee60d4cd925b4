#include "audit/config_kind.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

std::string complaint_on(std::string_view text) {
    return test::message_of([&] { check_is_buildroot(text, "config"); });
}

TEST(config_kind, a_file_without_a_symbol_of_buildroots_is_refused_and_named) {
    const std::pair<const char*, const char*> cases[] = {
        {"# Linux/riscv 6.6.30 Kernel Configuration\nCONFIG_RISCV=y\n", "a Linux kernel's"},
        {"CONFIG_64BIT=y\nCONFIG_TARGET_CORE=m\n", "by its line 1 it is a Linux kernel's"},
        {"CONFIG_TARGET_riscv64=y\nCONFIG_PACKAGE_python3=y\n", "an OpenWrt configuration"},
        {"# Busybox version: 1.36.1\nCONFIG_ASH=y\n", "a BusyBox configuration"},
        {"CONFIG_RISCV=y\nCONFIG_TARGET_QEMU_VIRT=y\n", "a U-Boot configuration"},
        {"# mine\nMACHINE = \"qemuriscv64\"\nDISTRO ?= \"poky\"\n", "by its line 2 it is a Yocto"},
        {"IMAGE_INSTALL:append = \" python3\"\n", "a Yocto"},
        {"CT_ARCH_RISCV=y\n", "a crosstool-NG configuration"},
        {"\n \n", "it is empty"},
        {"hello\n", "not one BR2_ symbol is in it"},
    };
    for (const auto& [text, words] : cases) {
        EXPECT_THAT(complaint_on(text), HasSubstr("config is no Buildroot configuration")) << text;
        EXPECT_THAT(complaint_on(text), HasSubstr(words)) << text;
    }
}

TEST(config_kind, one_symbol_is_enough) {
    for (const auto* const text :
         {"BR2_riscv=y\n", "# BR2_PACKAGE_GIT is not set\n", "CONFIG_X=y\n  BR2_PACKAGE_GIT\n"})
        EXPECT_NO_THROW(check_is_buildroot(text, "config")) << text;
    EXPECT_THAT(complaint_on("CONFIG_INITRAMFS_SOURCE=\"${BR2_IMAGES}/rootfs.cpio\"\n"),
                HasSubstr("a Linux kernel's"));
}

TEST(config_kind, another_machine_than_64_bit_riscv_gets_a_word) {
    const auto word = [](std::string_view text) {
        const auto config = buildroot_config::parse(text, "config");
        const auto found = other_architecture(config, text, "config");
        return found ? fmt::format("{}: {}", found->range.begin.line, found->message) : "";
    };
    EXPECT_THAT(word("BR2_riscv=y\nBR2_RISCV_64=n\nBR2_RISCV_32=y\n"),
                HasSubstr("3: BR2_RISCV_32 builds for RV32"));
    EXPECT_THAT(word("BR2_aarch64=y\n"), HasSubstr("1: BR2_aarch64 builds for AArch64"));
    EXPECT_EQ(word("BR2_riscv=y\n# BR2_aarch64 is not set\nBR2_RISCV_64=y\n"), "");
    EXPECT_EQ(word("BR2_PACKAGE_PYTHON3=y\n"), "");
}

}  // namespace
}  // namespace qh
