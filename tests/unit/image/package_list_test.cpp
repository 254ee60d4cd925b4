#include "image/package/package_list.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace qh {
namespace {

const std::string hash(64, 'a');

TEST(PrintUris, GivesNameVersionSizeAndHash) {
    const auto packages = parse_print_uris(
        "Reading package lists...\n"
        "Suggested packages:\n  doc\n"
        "'file:/pool/libaudit1_4.0.2-2%2bdeb13u1_riscv64.deb' "
        "libaudit1_1%3a4.0.2-2+deb13u1_riscv64.deb 56216 SHA256:" +
        hash + "\n'file:/pool/tzdata_2026c_all.deb' tzdata_2026c_all.deb 7 SHA256:" + hash + " \n");
    ASSERT_EQ(packages.size(), 2u);
    EXPECT_EQ(packages[0].name, "libaudit1");
    EXPECT_EQ(packages[0].version, "1:4.0.2-2+deb13u1");
    EXPECT_EQ(packages[0].architecture, "riscv64");
    EXPECT_EQ(packages[0].file_name, "libaudit1_1%3a4.0.2-2+deb13u1_riscv64.deb");
    EXPECT_EQ(packages[0].bytes, 56216u);
    EXPECT_EQ(packages[0].sha256, hash);
    EXPECT_EQ(packages[1].architecture, "all");
}

TEST(PrintUris, RefusesWhatCannotBeVerifiedOrStored) {
    for (const std::string line :
         {"'u' a_1_all.deb 5 MD5Sum:00112233445566778899aabbccddeeff",
          "'u' a_1_all.deb 5 SHA256:12", "'u' a_1_all.deb x SHA256:",
          "'u' ../a_1_all.deb 5 SHA256:", "'u' a.deb 5 SHA256:", "'u' a_1_all.deb"})
        EXPECT_THROW(parse_print_uris(line.ends_with("SHA256:") ? line + hash : line), error)
            << line;
}

TEST(FindDependency, TakesTheFirstWithThePrefix) {
    const char* const shown =
        "Package: linux-image-riscv64\nPre-Depends: linux-image-not\n"
        "Depends: linux-base, linux-image-6.12.107+deb13-riscv64 (= 6.12.107-1) | x\n";
    EXPECT_EQ(find_dependency(shown, "linux-image-"), "linux-image-6.12.107+deb13-riscv64");
    EXPECT_EQ(find_dependency(shown, "kernel-"), "");
}

TEST(ChooseMirror, TakesDebianItselfButNoSecurityArchive) {
    EXPECT_EQ(choose_mirror("http://s/debian-security|Debian|Debian-Security|bookworm-security\n"
                            "http://b/debian|Debian Backports|Debian Backports|bookworm-backports\n"
                            "http://m/debian|Debian|Debian|bookworm\n",
                            "bookworm"),
              "http://m/debian");
}

TEST(ChooseMirror, WithoutListsGoesByTheHostsOwnSuite) {
    const char* const targets =
        "http://s/debian-security|$(ORIGIN)|$(LABEL)|bookworm-security\n"
        "http://m/debian|$(ORIGIN)|$(LABEL)|bookworm\n";
    EXPECT_EQ(choose_mirror(targets, "bookworm"), "http://m/debian");
    EXPECT_EQ(choose_mirror(targets, ""), std::nullopt);
}

TEST(ChooseMirror, HasNoneOnAnotherDistribution) {
    EXPECT_EQ(choose_mirror("http://u/ubuntu|Ubuntu|Ubuntu|noble\nnonsense\n", ""), std::nullopt);
    EXPECT_EQ(choose_mirror("", "bookworm"), std::nullopt);
}

TEST(DefaultMirror, IsReadFromEitherBootstrapTool) {
    EXPECT_EQ(default_mirror_in("x\n    my $mirror    = 'http://m/debian';\n"), "http://m/debian");
    EXPECT_EQ(default_mirror_in("#!/bin/sh\nDEF_MIRROR=\"https://m/debian\"\n"),
              "https://m/debian");
    EXPECT_EQ(default_mirror_in("MIRROR=$1\n"), std::nullopt);
}

}  // namespace
}  // namespace qh
