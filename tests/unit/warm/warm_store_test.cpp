#include "warm/warm_store.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

class warm_store_test : public test::in_temporary_folder {
  protected:
    void SetUp() override { journal_ = write("journal.jsonl", "{}\n"); }

    void save(const std::string& key, const std::string& state) {
        const auto saving = store_.save(key, {});
        std::ofstream(saving->state()) << state;
        saving->keep(journal_);
    }

    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder() / "warm"), fs::directory_iterator()));
    }

    fs::path journal_;
    warm_store store_{folder() / "warm"};
};

TEST_F(warm_store_test, finds_what_was_kept) {
    EXPECT_FALSE(store_.find("k"));
    save("k", "memory");
    const auto point = store_.find("k");
    ASSERT_TRUE(point);
    EXPECT_EQ(read_file(*point / "state"), "memory");
    EXPECT_EQ(read_file(*point / "journal.jsonl"), "{}\n");
    EXPECT_EQ(warm_store::restored({}, *point).incoming, *point / "state");
}

TEST_F(warm_store_test, forgets_what_was_not_kept) {
    { const auto saving = store_.save("k", {}); }
    EXPECT_FALSE(store_.find("k"));
    EXPECT_EQ(entries(), 0u);
}

TEST_F(warm_store_test, has_one_point_of_two_that_were_saved_at_a_time) {
    save("k", "first");
    save("k", "second");
    EXPECT_EQ(read_file(*store_.find("k") / "state"), "first");
    EXPECT_EQ(entries(), 1u);
}

TEST_F(warm_store_test, clears_away_what_a_killed_run_has_left_and_nothing_else) {
    const auto hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
    const auto alive = store_.save("alive", {});
    for (const auto& entry : fs::directory_iterator(folder() / "warm"))
        fs::last_write_time(entry.path(), hour_ago);
    fs::create_directories(folder() / "warm" / ".saving-killed" / "point");
    fs::last_write_time(folder() / "warm" / ".saving-killed", hour_ago);
    save("k", "memory");
    EXPECT_FALSE(fs::exists(folder() / "warm" / ".saving-killed"));
    EXPECT_TRUE(fs::exists(alive->state().parent_path()));
}

TEST_F(warm_store_test, gives_up_the_points_that_were_used_longest_ago) {
    store_ = warm_store(folder() / "warm", 300'000);
    const std::string state(100'000, 'x');
    const auto now = fs::file_time_type::clock::now();
    for (const auto& [key, age] : {std::pair{"old", 3}, {"older", 4}, {"used", 5}}) {
        save(key, state);
        fs::last_write_time(folder() / "warm" / key, now - std::chrono::hours(age));
    }
    store_.find("used");
    save("new", state);
    EXPECT_TRUE(fs::exists(folder() / "warm" / "new"));
    EXPECT_TRUE(fs::exists(folder() / "warm" / "used"));
    EXPECT_FALSE(fs::exists(folder() / "warm" / "old"));
    EXPECT_FALSE(fs::exists(folder() / "warm" / "older"));

    store_ = warm_store(folder() / "warm", 1);
    save("newest", state);
    EXPECT_TRUE(fs::exists(folder() / "warm" / "newest"));
    EXPECT_EQ(entries(), 1u);
}

TEST_F(warm_store_test, gives_the_guest_an_overlay_of_its_disk) {
    machine_spec spec;
    spec.drives = {write("disk.raw", std::string(1 << 16, 'x'))};
    const auto saving = store_.save("k", spec);
    const auto machine = saving->machine();
    EXPECT_TRUE(machine.writes_drives);
    EXPECT_NE(machine.drives, spec.drives);
    std::ofstream(saving->state()) << "memory";
    saving->keep(journal_);
    const auto restored = warm_store::restored(spec, *store_.find("k"));
    EXPECT_FALSE(restored.writes_drives);
    EXPECT_TRUE(fs::exists(restored.drives.at(0)));
    EXPECT_NE(restored.drives, machine.drives);
}

}  // namespace
}  // namespace qh
