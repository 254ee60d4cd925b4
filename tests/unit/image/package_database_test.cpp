#include "image/package/package_database.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using PackageDatabase = test::in_temporary_folder;

TEST_F(PackageDatabase, AnEntryIsTheControlFileWithAStatus) {
    EXPECT_EQ(status_entry("Package: jq\nVersion: 1.7\nDescription: JSON\n .\n more\n",
                           package_state::installed),
              "Package: jq\nStatus: install ok installed\nVersion: 1.7\nDescription: JSON\n .\n"
              " more\n\n");
}

TEST_F(PackageDatabase, ThereIsNoneWithoutDpkg) {
    guest_tree tree(folder() / "root");
    package one;
    one.name = "jq";
    one.file = folder() / "absent.deb";
    write_package_database({one}, package_state::installed, tree);
    EXPECT_TRUE(std::filesystem::is_empty(tree.root()));
}

}  // namespace
}  // namespace qh
