#include "image/content/guest_path.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace qh {
namespace {

TEST(GuestPath, IsRelativeAndUsrmerged) {
    const std::pair<const char*, const char*> cases[] = {
        {"./etc/passwd", "etc/passwd"},
        {"./bin/sh", "usr/bin/sh"},
        {"lib/modules/6.12/kernel/", "usr/lib/modules/6.12/kernel"},
        {"./sbin/init", "usr/sbin/init"},
        {"./lib64/ld.so", "usr/lib64/ld.so"},
        {"./library/x", "library/x"},
        {"./usr//bin/./cc", "usr/bin/cc"},
        {"./a..b/...c", "a..b/...c"},
        {"./", ""},
        {"./bin", ""},
        {"./lib64/", ""},
    };
    for (const auto& [member, path] : cases) EXPECT_EQ(guest_path(member), path) << member;
}

TEST(GuestPath, RefusesWhatLeadsOutOfTheGuest) {
    for (const char* const member : {"/etc/passwd", "//x", "../x", "./a/../../x", "a/.."})
        EXPECT_THROW(guest_path(member), error) << member;
}

TEST(PathExclusions, APatternCoversWhatIsBelow) {
    const path_exclusions excluded({"usr/share/doc", "etc/rc?.d", "usr/lib/python3/*/tests"});
    EXPECT_TRUE(excluded.exclude("usr/share/doc"));
    EXPECT_TRUE(excluded.exclude("usr/share/doc/bash/copyright"));
    EXPECT_TRUE(excluded.exclude("etc/rc3.d/S01x"));
    EXPECT_TRUE(excluded.exclude("usr/lib/python3/numpy/linalg/tests/test_build.py"));
    EXPECT_FALSE(excluded.exclude("usr/share/docs"));
    EXPECT_FALSE(excluded.exclude("usr/share"));
    EXPECT_FALSE(excluded.exclude("usr/lib/python3/numpy/testing/x.py"));
}

}  // namespace
}  // namespace qh
