#include "image/content/base_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct member {
    std::string name;
    std::string content;
    mode_t mode = S_IFREG | 0644;
};

class base_tree : public testing::Test {
  protected:
    void write_tarball(const std::vector<member>& members) {
        const archive_writer writer(archive_write_new());
        archive_write_set_format_pax_restricted(writer.get());
        archive_write_add_filter_zstd(writer.get());
        archive_write_open_filename(writer.get(), tarball_.c_str());
        for (const auto& one : members) {
            const archive_entry_handle entry(archive_entry_new());
            archive_entry_set_pathname(entry.get(), one.name.c_str());
            archive_entry_set_mode(entry.get(), one.mode);
            archive_entry_set_mtime(entry.get(), 1700000000, 0);
            if (S_ISLNK(one.mode)) archive_entry_set_symlink(entry.get(), one.content.c_str());
            archive_entry_set_size(
                entry.get(), S_ISREG(one.mode) ? static_cast<la_int64_t>(one.content.size()) : 0);
            check_archive(archive_write_header(writer.get(), entry.get()), writer.get(), "test");
            if (S_ISREG(one.mode))
                archive_write_data(writer.get(), one.content.data(), one.content.size());
        }
        archive_write_close(writer.get());
    }

    std::string problem_with(const fs::path& base) {
        try {
            unpack_base(base, tree_, everything_, nullptr);
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::infrastructure);
            return e.what();
        }
        return "no error";
    }

    std::string file(const std::string& path) { return read_file(tree_.root() / path); }

    temporary_directory scratch_{fs::temp_directory_path(), "base"};
    fs::path tarball_ = scratch_.path() / "base.tar.zst";
    guest_tree tree_{scratch_.path() / "tree"};
    std::function<bool(const std::string&)> everything_ = [](const auto&) { return true; };
};

TEST_F(base_tree, a_tarball_keeps_its_own_layout) {
    write_tarball({{"./bin/busybox", "program", S_IFREG | 0755},
                   {"./bin/sh", "/bin/busybox", S_IFLNK | 0777},
                   {"./dev/null", "", S_IFCHR | 0666},
                   {"./var/empty", "", S_IFDIR | 0755},
                   {"./usr/share/doc/x", "words"}});
    const auto newest = unpack_base(
        tarball_, tree_, [](const auto& path) { return !path.starts_with("usr/share"); }, nullptr);
    EXPECT_EQ(newest, 1700000000);
    EXPECT_EQ(file("bin/busybox"), "program");
    EXPECT_EQ(fs::read_symlink(tree_.root() / "bin/sh"), "/bin/busybox");
    EXPECT_TRUE(fs::is_directory(tree_.root() / "var/empty"));
    EXPECT_FALSE(fs::exists(tree_.root() / "dev/null"));
    EXPECT_FALSE(fs::exists(tree_.root() / "usr"));
}

TEST_F(base_tree, refuses_what_leads_out_of_the_guest) {
    write_tarball({{"../outside", "x"}});
    EXPECT_THAT(problem_with(tarball_), HasSubstr("../outside, which leads out of the guest"));
    write_tarball({{"/etc/passwd", "x"}});
    EXPECT_THAT(problem_with(tarball_), HasSubstr("refused the absolute path /etc/passwd"));
    write_tarball({{"out", scratch_.path().string(), S_IFLNK | 0777}, {"out/file", "x"}});
    EXPECT_THAT(problem_with(tarball_), HasSubstr("cannot open the folder out"));
    EXPECT_FALSE(fs::exists(scratch_.path() / "file"))
        << "a link is followed inside the guest only";
}

TEST_F(base_tree, says_what_is_wrong_with_a_file_that_is_no_archive_or_cut_short) {
    write_file_atomically(tarball_, "no archive at all, but some text that is long enough");
    EXPECT_THAT(problem_with(tarball_), HasSubstr(tarball_.string()));
    write_tarball({{"file", std::string(100'000, 'x') + "end"}});
    fs::resize_file(tarball_, fs::file_size(tarball_) / 2);
    EXPECT_THAT(problem_with(tarball_), HasSubstr(tarball_.string()));
}

TEST_F(base_tree, a_folder_is_taken_as_it_is_and_its_digest_tells_every_change) {
    const auto folder = scratch_.path() / "folder";
    fs::create_directories(folder / "etc");
    write_file_atomically(folder / "etc/name", "one");
    fs::create_symlink("etc/name", folder / "link");
    const auto before = digest_of_base(folder);
    EXPECT_EQ(digest_of_base(folder), before);
    unpack_base(folder, tree_, everything_, nullptr);
    EXPECT_EQ(file("etc/name"), "one");
    EXPECT_EQ(fs::read_symlink(tree_.root() / "link"), "etc/name");
    fs::permissions(folder / "etc/name", fs::perms::owner_read);
    const auto mode_changed = digest_of_base(folder);
    EXPECT_NE(mode_changed, before);
    fs::remove(folder / "link");
    fs::create_symlink("etc/other", folder / "link");
    EXPECT_NE(digest_of_base(folder), mode_changed);
}

TEST_F(base_tree, a_wrong_checksum_names_both_sums) {
    write_file_atomically(tarball_, "content");
    const build_options options;
    build_phases phases(options);
    const auto right = sha256_hex("content");
    EXPECT_EQ(find_base({"", tarball_.string(), right}, scratch_.path(), phases), tarball_);
    try {
        find_base({"", tarball_.string(), std::string(64, '0')}, scratch_.path(), phases);
        FAIL();
    } catch (const error& e) {
        EXPECT_THAT(e.what(), HasSubstr(right));
        EXPECT_THAT(e.what(), HasSubstr(std::string(64, '0')));
    }
}

}  // namespace
}  // namespace qh
