#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "image/assemble/initrd.hpp"
#include "image/package/deb.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct member {
    std::string name;
    mode_t mode = S_IFREG | 0644;
    std::string content = {};  ///< or a link's target
    bool hard_link = false;
};

void add(archive* writer, const member& one) {
    const archive_entry_handle entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), one.name.c_str());
    archive_entry_set_mode(entry.get(), one.mode);
    archive_entry_set_mtime(entry.get(), 1700000000, 0);
    archive_entry_set_size(entry.get(), 0);
    if (one.hard_link)
        archive_entry_set_hardlink(entry.get(), one.content.c_str());
    else if (S_ISLNK(one.mode))
        archive_entry_set_symlink(entry.get(), one.content.c_str());
    else
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(one.content.size()));
    check_archive(archive_write_header(writer, entry.get()), writer, "test");
    if (!one.hard_link && S_ISREG(one.mode))
        archive_write_data(writer, one.content.data(), one.content.size());
}

void write_tar(const fs::path& file, const std::vector<member>& members) {
    const archive_writer writer(archive_write_new());
    archive_write_set_format_gnutar(writer.get());
    archive_write_add_filter_xz(writer.get());
    archive_write_open_filename(writer.get(), file.c_str());
    for (const auto& one : members) add(writer.get(), one);
    archive_write_close(writer.get());
}

constexpr const char* control_text = "Package: x\nVersion: 1\nDescription: a thing\n of ours\n";

/// A package of these files, as dpkg-deb lays it out.
void write_deb(const fs::path& file, const std::vector<member>& members) {
    const fs::path tar = file.string() + ".tar";
    const fs::path control = file.string() + ".control.tar";
    write_tar(tar, members);
    write_tar(control, {{.name = "./md5sums"}, {.name = "./control", .content = control_text}});
    const archive_writer writer(archive_write_new());
    archive_write_set_format_ar_bsd(writer.get());
    archive_write_open_filename(writer.get(), file.c_str());
    add(writer.get(), {.name = "debian-binary", .content = "2.0\n"});
    add(writer.get(), {.name = "control.tar.xz", .content = read_file(control)});
    add(writer.get(), {.name = "data.tar.xz", .content = read_file(tar)});
    archive_write_close(writer.get());
}

class Deb : public testing::Test {
  protected:
    std::time_t unpack() { return unpack_deb(deb_, tree_, everything_, nullptr); }

    std::string problem() {
        try {
            unpack();
        } catch (const error& e) {
            return e.what();
        }
        return "no error";
    }

    temporary_directory scratch_{fs::temp_directory_path(), "deb"};
    fs::path deb_ = scratch_.path() / "x_1_all.deb";
    guest_tree tree_{scratch_.path() / "root"};
    std::function<bool(const std::string&)> everything_ = [](const std::string&) { return true; };
};

TEST_F(Deb, ReadsTheControlFiles) {
    write_deb(deb_, {});
    const auto files = read_control_files(deb_);
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].name, "md5sums");
    EXPECT_EQ(files[1].name, "control");
    EXPECT_EQ(files[1].content, control_text);
}

TEST_F(Deb, FilesFoldersAndLinksComeOutUsrmerged) {
    write_deb(deb_, {{"./", S_IFDIR | 0755, ""},
                     {"./bin", S_IFLNK | 0777, "usr/bin"},
                     {"./bin/a", S_IFREG | 0755, "program"},
                     {"./usr/bin/b", S_IFREG | 0755, "./bin/a", true},
                     {"./usr/bin/c", S_IFLNK | 0777, "a"},
                     {"./dev/null", S_IFCHR | 0666, ""}});
    EXPECT_EQ(unpack(), 1700000000);
    EXPECT_EQ(read_file(tree_.root() / "usr/bin/a"), "program");
    EXPECT_TRUE(fs::equivalent(tree_.root() / "usr/bin/a", tree_.root() / "usr/bin/b"));
    EXPECT_EQ(fs::read_symlink(tree_.root() / "usr/bin/c"), "a");
    EXPECT_FALSE(fs::exists(tree_.root() / "bin"));
    EXPECT_FALSE(fs::exists(tree_.root() / "dev/null"));
}

TEST_F(Deb, UnwantedFilesStayOut) {
    write_deb(deb_, {{"./usr/share/doc/x", S_IFREG | 0644, "x"}, {"./etc/x", S_IFREG | 0644, "x"}});
    everything_ = [](const std::string& path) { return !path.starts_with("usr/share"); };
    unpack();
    EXPECT_FALSE(fs::exists(tree_.root() / "usr"));
    EXPECT_TRUE(fs::exists(tree_.root() / "etc/x"));
}

TEST_F(Deb, HostilePathsAreRefusedByName) {
    write_deb(deb_, {{"./../../escaped", S_IFREG | 0644, "x"}});
    EXPECT_THAT(problem(), HasSubstr("x_1_all.deb"));
    EXPECT_THAT(problem(), HasSubstr("leads out of the guest"));
    EXPECT_FALSE(fs::exists(scratch_.path().parent_path() / "escaped"));
}

TEST_F(Deb, ADamagedPackageIsAnErrorThatNamesIt) {
    write_deb(deb_, {{"./etc/x", S_IFREG | 0644, std::string(100000, 'x')}});
    fs::resize_file(deb_, fs::file_size(deb_) / 2);
    EXPECT_THAT(problem(), HasSubstr("x_1_all.deb"));
    write_file_atomically(deb_, "not an archive");
    EXPECT_THAT(problem(), HasSubstr("x_1_all.deb"));
}

TEST_F(Deb, StopsWhenAsked) {
    write_deb(deb_, {{"./etc/x", S_IFREG | 0644, "x"}});
    const std::atomic<bool> stop = true;
    try {
        unpack_deb(deb_, tree_, everything_, &stop);
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.kind(), fault::interrupted);
    }
}

TEST(Initrd, IsTheSameForTheSameTreeAndBelongsToRoot) {
    const temporary_directory scratch(fs::temp_directory_path(), "initrd");
    guest_tree tree(scratch.path() / "tree");
    tree.make_directory("dev", 0755);
    tree.write_file("init", "#!/bin/sh\n", 0755);
    tree.make_link("bin", "usr/bin");
    write_initrd({.tree = tree.root(), .time = 1700000000}, scratch.path() / "a");
    tree.set_all_times(1);
    write_initrd({.tree = tree.root(), .time = 1700000000}, scratch.path() / "b");
    EXPECT_EQ(read_file(scratch.path() / "a"), read_file(scratch.path() / "b"));

    const archive_reader reader(archive_read_new());
    archive_read_support_format_cpio(reader.get());
    archive_read_support_filter_gzip(reader.get());
    ASSERT_EQ(archive_read_open_filename(reader.get(), (scratch.path() / "a").c_str(), 1 << 16),
              ARCHIVE_OK);
    std::map<std::string, mode_t> modes;
    archive_entry* entry = nullptr;
    while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
        EXPECT_EQ(archive_entry_uid(entry), 0);
        modes[archive_entry_pathname(entry)] = archive_entry_mode(entry);
    }
    EXPECT_EQ(modes.at("init"), S_IFREG | 0755u);
    EXPECT_EQ(modes.at("bin"), S_IFLNK | 0777u);
    EXPECT_EQ(modes.at("dev/console"), S_IFCHR | 0600u);
}

}  // namespace
}  // namespace qh
