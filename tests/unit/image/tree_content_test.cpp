#include "image/content/tree_content.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class tree_content : public testing::Test {
  protected:
    temporary_directory scratch_{fs::temp_directory_path(), "content"};
    guest_tree tree_{scratch_.path() / "tree"};
};

TEST_F(tree_content, starts_units_of_systemd_and_scripts_of_openrc) {
    tree_.write_file("usr/lib/systemd/system/ssh.service", "", 0644);
    tree_.write_file("usr/lib/systemd/system/serial-getty@.service", "", 0644);
    tree_.write_file("etc/init.d/sshd", "", 0755);
    tree_recipe recipe;
    recipe.services = {{"multi-user.target", {"ssh.service", "serial-getty@ttyS1.service"}},
                       {"default", {"sshd"}}};
    add_recipe_files(recipe, tree_);
    add_users_and_services(recipe, tree_);
    const auto target = [&](const std::string& link) {
        return fs::read_symlink(tree_.root() / link).string();
    };
    EXPECT_EQ(target("etc/systemd/system/multi-user.target.wants/ssh.service"),
              "/usr/lib/systemd/system/ssh.service");
    EXPECT_EQ(target("etc/systemd/system/multi-user.target.wants/serial-getty@ttyS1.service"),
              "/usr/lib/systemd/system/serial-getty@.service");
    EXPECT_EQ(target("etc/runlevels/default/sshd"), "/etc/init.d/sshd");
}

TEST_F(tree_content, refuses_to_start_what_is_not_there) {
    tree_recipe recipe;
    recipe.services = {{"default", {"sshd"}}};
    try {
        add_recipe_files(recipe, tree_);
        add_users_and_services(recipe, tree_);
        FAIL();
    } catch (const error& e) {
        EXPECT_THAT(e.what(), HasSubstr("nothing has brought /etc/init.d/sshd"));
    }
}

TEST_F(tree_content, sets_users_in_the_files_that_it_brings_itself) {
    tree_recipe recipe;
    recipe.files["etc/passwd"] = {.content = "root:x:0:0:root:/root:/bin/sh\n"};
    recipe.users["root"] = {.shell = "/bin/bash"};
    add_recipe_files(recipe, tree_);
    add_users_and_services(recipe, tree_);
    EXPECT_EQ(read_file(tree_.root() / "etc/passwd"), "root:x:0:0:root:/root:/bin/bash\n");
}

}  // namespace
}  // namespace qh
