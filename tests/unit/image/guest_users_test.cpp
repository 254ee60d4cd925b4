#include "image/content/guest_users.hpp"

#include <crypt.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const user_files stage3 = {"root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/bin/false\n",
                           "root:x:0:root\nwheel:x:10:root\n", "root:*:10770:0:::::\n"};

TEST(guest_users, gives_an_existing_user_a_password_and_touches_no_other_line) {
    const auto files = with_users(stage3, {{"root", {.password = "secret"}}});
    EXPECT_EQ(files.passwd, stage3.passwd);
    EXPECT_EQ(files.group, stage3.group);
    const auto hash = files.shadow.substr(5, files.shadow.find(':', 5) - 5);
    EXPECT_THAT(hash, StartsWith("$6$"));
    EXPECT_EQ(::crypt("secret", hash.c_str()), hash) << "crypt(3) would let it in";
    EXPECT_EQ(with_users(stage3, {{"root", {.password = "secret"}}}).shadow, files.shadow)
        << "the same recipe gives the same bytes";
}

TEST(guest_users, adds_a_user_with_its_group_and_memberships) {
    const auto files = with_users(
        stage3, {{"ada", {.uid = 1000, .shell = "/bin/sh", .password = "", .groups = {"wheel"}}}});
    EXPECT_THAT(files.passwd, HasSubstr("ada:x:1000:1000::/home/ada:/bin/sh\n"));
    EXPECT_THAT(files.group, HasSubstr("wheel:x:10:root,ada\n"));
    EXPECT_THAT(files.group, HasSubstr("ada:x:1000:\n"));
    EXPECT_THAT(files.shadow, HasSubstr("ada::20000:0:99999:7:::\n"));
}

TEST(guest_users, says_what_a_new_user_lacks) {
    EXPECT_THROW(with_users(stage3, {{"ada", {}}}), error);
    EXPECT_THROW(with_users(stage3, {{"ada", {.uid = 1}}}), error) << "that is bin's";
    EXPECT_THROW(with_users(stage3, {{"ada", {.uid = 1000, .groups = {"nobody"}}}}), error);
}

}  // namespace
}  // namespace qh
