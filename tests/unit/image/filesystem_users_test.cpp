#include "image/assemble/filesystem_users.hpp"

#include <gmock/gmock.h>

#include "image/assemble/disk.hpp"
#include "image/content/guest_tree.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(group_id, is_that_of_the_group_or_roots) {
    const std::string file = "root:x:0:\nshadows:x:7:\nbroken:x\nshadow:x:42:ada\n";
    EXPECT_EQ(group_id(file, "shadow"), 42u);
    EXPECT_EQ(group_id(file, "broken"), 0u);
    EXPECT_EQ(group_id(file, "wheel"), 0u);
    EXPECT_EQ(group_id("shadow:x:many:\n", "shadow"), 0u);
}

class filesystem_users : public test::in_temporary_folder {
  protected:
    filesystem_users() {
        guest_tree tree(folder() / "tree");
        tree.write_file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n", 0644);
        tree.write_file("etc/group", "root:x:0:\nshadow:x:42:\naudio:x:29:\n", 0644);
        make_filesystem({.tree = tree.root(),
                         .size_bytes = 8 << 20,
                         .uuid = "71686172-6e65-8373-8000-000000000001",
                         .time = 1},
                        raw(), {});
    }

    fs::path raw() const { return folder() / "a disk.raw"; }

    std::string look(const std::string& request) const {
        tool_command command;
        command.argv = {"debugfs", "-R", request, raw()};
        return run_tool(command);
    }
};

TEST_F(filesystem_users, are_added_and_the_filesystem_stays_sound) {
    write_users_in_filesystem(
        raw(), {{"ada", {.uid = 1000, .password = "lovelace", .groups = {"audio"}}}}, folder(), {});
    EXPECT_THAT(look("cat /etc/passwd"), HasSubstr("ada:x:1000:1000::/home/ada:/bin/sh\n"));
    EXPECT_THAT(look("cat /etc/group"), HasSubstr("audio:x:29:ada\n"));
    EXPECT_THAT(look("cat /etc/shadow"), HasSubstr("ada:$6$"));
    EXPECT_THAT(look("stat /etc/shadow"), HasSubstr("Mode:  0640"));
    EXPECT_THAT(look("stat /etc/shadow"), HasSubstr("Group:    42"));
    EXPECT_THAT(look("stat /etc/passwd"), HasSubstr("Mode:  0644"));
    tool_command check;
    check.argv = {find_tool("e2fsck").string(), "-fn", raw()};
    EXPECT_NO_THROW(run_tool(check));
}

TEST_F(filesystem_users, that_do_not_fit_leave_it_as_it_was) {
    EXPECT_TRUE(test::fails_with(fault::usage, [&] {
        write_users_in_filesystem(raw(), {{"ada", {.uid = 1000, .groups = {"wheel"}}}}, folder(),
                                  {});
    }));
    EXPECT_EQ(look("cat /etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
}

}  // namespace
}  // namespace qh
