#include "image/content/guest_tree.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

class GuestTree : public testing::Test {
  protected:
    mode_t mode_of(const fs::path& path) {
        struct stat status = {};
        EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
        return status.st_mode & 07777;
    }

    temporary_directory scratch_{fs::temp_directory_path(), "guest-tree"};
    fs::path outside_ = scratch_.path() / "outside";
    guest_tree tree_{scratch_.path() / "root"};
};

TEST_F(GuestTree, MakesParentsAndReplacesFiles) {
    tree_.write_file("a/b/c", "old", 0600);
    tree_.write_file("a/b/c", "new", 0755);
    EXPECT_EQ(read_file(tree_.root() / "a/b/c"), "new");
    EXPECT_EQ(mode_of(tree_.root() / "a/b/c"), 0755u);
}

TEST_F(GuestTree, ResolvesLinksInsideTheGuest) {
    fs::create_directory(outside_);
    const std::string same_place_inside = outside_.string().substr(1);
    tree_.make_directory(same_place_inside, 0755);
    tree_.make_directory("outside", 0755);
    tree_.make_link("absolute", outside_.string());
    tree_.make_link("upward", "../outside");
    tree_.write_file("absolute/a", "x", 0644);
    tree_.write_file("upward/b", "x", 0644);
    EXPECT_TRUE(fs::is_empty(outside_));
    EXPECT_TRUE(fs::exists(tree_.root() / same_place_inside / "a"));
    EXPECT_TRUE(fs::exists(tree_.root() / "outside/b"));
}

TEST_F(GuestTree, ReplacesALinkRatherThanWriteThroughIt) {
    write_file_atomically(outside_, "safe");
    tree_.make_link("file", outside_.string());
    tree_.write_file("file", "guest", 0644);
    EXPECT_EQ(read_file(outside_), "safe");
    EXPECT_FALSE(fs::is_symlink(tree_.root() / "file"));
}

TEST_F(GuestTree, KeepsModesAndKeepsFoldersUsable) {
    tree_.write_file("su", "x", 04755);
    tree_.write_file("chage", "x", 02755);
    tree_.make_directory("locked", 0);
    tree_.make_directory("tmp", 01777);
    tree_.make_directory("mail", 02775);
    EXPECT_EQ(mode_of(tree_.root() / "su"), 04755u);
    EXPECT_EQ(mode_of(tree_.root() / "chage"), 02755u);
    EXPECT_EQ(mode_of(tree_.root() / "locked"), 0700u);
    EXPECT_EQ(mode_of(tree_.root() / "tmp"), 01777u);
    EXPECT_EQ(mode_of(tree_.root() / "mail"), 02775u);
}

TEST_F(GuestTree, AFolderWithoutAModeOfItsOwnTakesNoneOver) {
    tree_.make_directory("mail", 02775);
    tree_.write_file("mail/ada/inbox", "x", 0644);
    EXPECT_EQ(mode_of(tree_.root() / "mail/ada"), 0755u);
}

TEST_F(GuestTree, DoesNotReplaceAFolder) {
    tree_.make_directory("etc", 0755);
    EXPECT_THROW(tree_.make_link("etc", "usr/etc"), error);
}

}  // namespace
}  // namespace qh
