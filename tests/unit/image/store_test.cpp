#include "base/lock_file.hpp"
#include "image/image_store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/error.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

class ImageStore : public testing::Test {
  protected:
    ImageStore() {
        ::setenv("QHARNESS_CACHE_DIR", scratch_.path().c_str(), 1);
        from_.name = "mine";
        from_.digest = std::string(64, 'r');
    }
    ~ImageStore() override { ::unsetenv("QHARNESS_CACHE_DIR"); }

    image keep(char digest, bool with_disk = false) {
        const fs::path built = scratch_.path() / "built";
        fs::create_directories(built);
        fs::create_directories(image_store("mine").folder());
        write_file_atomically(built / "kernel", "kernel");
        write_file_atomically(built / "initrd", "initrd");
        if (with_disk) write_file_atomically(built / "disk.qcow2", "disk");
        image made;
        made.name = "mine";
        made.digest = std::string(64, digest);
        made.append = "quiet";
        return image_store("mine").keep(built, made, from_, {});
    }

    temporary_directory scratch_{fs::temp_directory_path(), "store"};
    recipe from_;
};

TEST_F(ImageStore, FindsWhatWasKept) {
    EXPECT_FALSE(find_cached(from_));
    const image kept = keep('a', true);
    const auto found = find_cached(from_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->digest, kept.digest);
    EXPECT_EQ(found->append, "quiet");
    EXPECT_EQ(found->kernel, scratch_.path() / "images/mine/aaaaaaaaaaaaaaaa/kernel");
    EXPECT_TRUE(found->disk);
}

TEST_F(ImageStore, ARecipePointsAtItsNewestImage) {
    keep('a');
    keep('b');
    EXPECT_EQ(find_cached(from_)->digest, std::string(64, 'b'));
    EXPECT_EQ(image_store("mine").list().size(), 2u);
    image_store("mine").point(from_.digest, std::string(64, 'a'));
    EXPECT_EQ(find_cached(from_)->digest, std::string(64, 'a'));
}

TEST_F(ImageStore, AFileOfAnotherSizeIsNoImage) {
    const image kept = keep('a');
    write_file_atomically(kept.kernel, "kern");
    EXPECT_FALSE(find_cached(from_));
    fs::remove(kept.kernel);
    EXPECT_FALSE(find_cached(from_));
}

TEST_F(ImageStore, ADamagedManifestIsNoImage) {
    const fs::path manifest = keep('a').kernel.parent_path() / "manifest.json";
    for (const char* const text : {"", "{", "[]", "{}", "{\"files\": {\"kernel\": \"six\"}}"}) {
        write_file_atomically(manifest, text);
        EXPECT_FALSE(find_cached(from_)) << text;
    }
}

TEST_F(ImageStore, RemovesUnfinishedBuildsOnly) {
    keep('a');
    const image_store store("mine");
    fs::create_directories(store.folder() / "building-x1" / "disk");
    store.remove_unfinished();
    EXPECT_FALSE(fs::exists(store.folder() / "building-x1"));
    EXPECT_TRUE(find_cached(from_));
}

TEST_F(ImageStore, RemovesAllOfAName) {
    keep('a');
    keep('b');
    EXPECT_GT(image_store("mine").remove(), 0u);
    EXPECT_FALSE(find_cached(from_));
    EXPECT_TRUE(stored_image_names().empty());
}

TEST_F(ImageStore, ALockIsHeldByOneAndAWaiterCanBeStopped) {
    const fs::path file = scratch_.path() / "x.lock";
    std::atomic<bool> stop = false;
    int told = 0;
    auto held = lock_file(
        file, [&] { ++told; }, &stop);
    EXPECT_EQ(told, 0);
    stop = true;
    EXPECT_THROW(lock_file(
                     file, [&] { ++told; }, &stop),
                 error);
    held.reset();
    EXPECT_TRUE(lock_file(
        file, [&] { ++told; }, &stop));
}

}  // namespace
}  // namespace qh
