#include "audit/buildroot_config.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

buildroot_config parsed(std::string_view text) {
    return buildroot_config::parse(text, "x_defconfig");
}

std::string warnings_of(std::string_view text) {
    std::string all;
    for (const auto& one : parsed(text).warnings())
        all += fmt::format("{}:{}:{}: {}\n", one.file, one.range.begin.line, one.range.begin.column,
                           one.message);
    return all;
}

TEST(buildroot_config, reads_what_kconfig_writes) {
    const auto config = parsed(
        "# a comment\n\nBR2_A=y\n# BR2_B is not set\nBR2_C=\"two words # \\\"quoted\\\"\"\n"
        "BR2_D=42\r\nBR2_E=y # why\nBR2_F=n\n");
    EXPECT_TRUE(config.is_on("BR2_A"));
    EXPECT_EQ(config.find("BR2_A")->line, 3u);
    EXPECT_TRUE(config.is_off("BR2_B"));
    EXPECT_EQ(config.find("BR2_C")->value, "two words # \"quoted\"");
    EXPECT_EQ(config.find("BR2_D")->value, "42");
    EXPECT_TRUE(config.is_on("BR2_E"));
    EXPECT_TRUE(config.is_off("BR2_F"));
    EXPECT_FALSE(config.is_on("BR2_G"));
    EXPECT_FALSE(config.is_off("BR2_G"));
    EXPECT_TRUE(config.warnings().empty());
    EXPECT_FALSE(config.is_complete());
}

TEST(buildroot_config, knows_a_whole_config_and_its_release) {
    const auto config = parsed(
        "#\n# Automatically generated file; DO NOT EDIT.\n# Buildroot 2024.02 Configuration\n#\n");
    EXPECT_TRUE(config.is_complete());
    EXPECT_EQ(config.release(), "2024.02");
}

TEST(buildroot_config, the_last_of_two_counts_and_is_told) {
    const auto config = parsed("BR2_A=y\nBR2_B=y\n# BR2_A is not set\n");
    EXPECT_TRUE(config.is_off("BR2_A"));
    EXPECT_EQ(config.find("BR2_A")->line, 3u);
    EXPECT_EQ(warnings_of("BR2_A=y\nBR2_B=y\n# BR2_A is not set\n"),
              "x_defconfig:3:1: BR2_A was set in line 1 already; the last one counts\n");
}

TEST(buildroot_config, points_at_what_make_passes_over) {
    EXPECT_EQ(warnings_of("BR2_A\n  BR2_B=y\n*** merge\nBR2_C=\"open\nBR2 D=y\n"),
              "x_defconfig:1:6: expected \"=\" behind the symbol; make passes this line over\n"
              "x_defconfig:2:1: an indented line is passed over by make\n"
              "x_defconfig:3:1: expected SYMBOL=VALUE or a comment; make passes this line over\n"
              "x_defconfig:4:7: the string has no closing quote\n"
              "x_defconfig:5:4: expected \"=\" behind the symbol; make passes this line over\n");
    EXPECT_FALSE(parsed("  BR2_B=y\n").is_on("BR2_B"));
}

TEST(buildroot_config, keeps_a_hundred_warnings_of_any_number) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "no line of a configuration\n";
    EXPECT_EQ(parsed(text).warnings().size(), 100u);
}

TEST(buildroot_config, reads_sizes_as_file_systems_take_them) {
    const auto bytes = [](const std::string& value) {
        return parsed("S=\"" + value + "\"\n").size_bytes("S");
    };
    EXPECT_EQ(bytes("60M"), 60.0 * (1 << 20));
    EXPECT_EQ(bytes("24g"), 24.0 * (1 << 30));
    EXPECT_EQ(bytes("2048"), 2048.0 * 1024);
    EXPECT_EQ(bytes("1T"), 1024.0 * (1 << 30));
    for (const auto* wrong : {"", "G", "12X", "12 G", "12GB", "-"})
        EXPECT_EQ(bytes(wrong), std::nullopt) << wrong;
    EXPECT_EQ(parsed("").size_bytes("S"), std::nullopt);
}

TEST(buildroot_config, refuses_what_is_no_text) {
    for (const auto& bytes : {std::string("BR2_A=y\0", 8), std::string("\x7f"
                                                                       "ELF\xff")})
        EXPECT_THAT(test::message_of([&] { parsed(bytes); }),
                    HasSubstr("x_defconfig is a binary file"));
}

class buildroot_config_file : public test::in_temporary_folder {};

TEST_F(buildroot_config_file, is_refused_with_the_limit_where_it_is_huge) {
    const auto path = folder() / "huge";
    std::ofstream(path).seekp(100 << 20).put('\n');
    EXPECT_THAT(test::message_of([&] { buildroot_config::read(path); }),
                HasSubstr("larger than the limit of 4 MiB"));
    EXPECT_THAT(test::message_of([&] { buildroot_config::read(folder() / "none"); }),
                HasSubstr("No such file"));
}

}  // namespace
}  // namespace qh
