// Histories that another version has written.
#include <SQLiteCpp/VariadicBind.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "history/history.hpp"
#include "matrix/night_json.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t newest_version = 2;

/// As version 1 made it. What people have on their disks does not change, so neither does this.
constexpr auto schema_1 =
    "CREATE TABLE nights (night TEXT PRIMARY KEY, matrix TEXT NOT NULL, shard TEXT NOT NULL,"
    "  partial INTEGER NOT NULL, started TEXT NOT NULL, document TEXT NOT NULL);"
    "CREATE INDEX nights_by_matrix ON nights (matrix, shard, started);"
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, night TEXT NOT NULL"
    "    REFERENCES nights (night) ON DELETE CASCADE,"
    "  cell TEXT NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,"
    "  seconds REAL NOT NULL, attempts INTEGER NOT NULL, fingerprint TEXT NOT NULL,"
    "  details TEXT NOT NULL, UNIQUE (night, cell));"
    "CREATE INDEX runs_by_cell ON runs (cell);"
    "CREATE TABLE steps (run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL,"
    "  reason TEXT NOT NULL, seconds REAL NOT NULL, PRIMARY KEY (run, position));"
    "CREATE TABLE measurements (run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
    "  name TEXT NOT NULL, value REAL NOT NULL, unit TEXT NOT NULL, samples TEXT NOT NULL);"
    "CREATE INDEX measurements_by_run ON measurements (run, name);"
    "CREATE TABLE failures (run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL, title TEXT NOT NULL, step TEXT NOT NULL);"
    "CREATE INDEX failures_by_run ON failures (run);"
    "PRAGMA user_version = 1;";

class migration_test : public test::in_temporary_folder {
  protected:
    std::filesystem::path file() const { return folder() / "history.db"; }
    SQLite::Database open() const { return {file(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}; }

    json cell() const {
        return {{"name", "x"},
                {"status", "failed"},
                {"outcome", "panicked"},
                {"seconds", 3.0},
                {"fingerprint", {{"cpu", "rv64"}}}};
    }
    json document(const std::string& name, const std::string& started) const {
        return {{"night", name},
                {"matrix", "m"},
                {"started", started},
                {"cells", json::array({cell()})}};
    }
    night_result night(const std::string& name, const std::string& started) const {
        return night_from_json(document(name, started));
    }

    /// A night as version 1 has added it.
    void write_version_1() const {
        auto old = open();
        old.exec(schema_1);
        auto written = document("night-1", "2026-11-01T01:00:00Z");
        written.erase("cells");
        SQLite::Statement add_night(
            old, "INSERT INTO nights VALUES ('night-1', 'm', '', 0, '2026-11-01T01:00:00Z', ?)");
        SQLite::bind(add_night, dump(written));
        add_night.exec();
        SQLite::Statement add_run(
            old,
            "INSERT INTO runs VALUES (7, 'night-1', 'x', 'failed', 'panicked', 'r', 3.0, 2, ?, ?)");
        SQLite::bind(add_run, fingerprint(), dump(cell()));
        add_run.exec();
        old.exec("INSERT INTO steps VALUES (7, 0, 'boot', 'passed', '', 1.5)");
        old.exec("INSERT INTO measurements VALUES (7, 'gflops', 10.5, 'GFLOP/s', '[]')");
        old.exec("INSERT INTO failures VALUES (7, 'oops', 'Oops', 'boot')");
    }

    std::string fingerprint() const { return fingerprint_of(night("n", "").cells.front()); }

    std::int64_t number(const std::string& sql) const { return open().execAndGet(sql).getInt64(); }
};

TEST_F(migration_test, of_an_older_history_nothing_is_lost) {
    write_version_1();
    const history nights(file());
    EXPECT_EQ(number("PRAGMA user_version"), newest_version);
    EXPECT_EQ(to_json(nights.load("night-1").value()),
              to_json(night("night-1", "2026-11-01T01:00:00Z")));
    const auto tonight = night("night-2", "2026-11-02T01:00:00Z");
    EXPECT_EQ(nights.predecessor(tonight)->name, "night-1");
    EXPECT_EQ(nights.failing_since(tonight, "x"), "2026-11-01T01:00:00Z");
    EXPECT_THAT(nights.values(tonight, "x", "gflops", fingerprint()), ElementsAre(10.5));
    EXPECT_EQ(nights.seconds_of_cells("m", history::nights::all).at("x"), 3);
    for (const auto* table : {"nights", "runs", "steps", "measurements", "failures"})
        EXPECT_EQ(number(fmt::format("SELECT count(*) FROM {}", table)), 1) << table;
}

TEST_F(migration_test, an_older_history_becomes_what_a_new_one_is) {
    write_version_1();
    const auto schema_of = [](const std::filesystem::path& which) {
        { const history brought_up_to_date(which); }
        const SQLite::Database written(which);
        SQLite::Statement rows(written, "SELECT sql FROM sqlite_schema ORDER BY name");
        std::vector<std::string> all;
        while (rows.executeStep()) all.push_back(rows.getColumn(0).getString());
        return all;
    };
    EXPECT_EQ(schema_of(file()), schema_of(folder() / "new.db"));
}

TEST_F(migration_test, one_that_fails_changes_nothing) {
    write_version_1();
    open().exec("CREATE INDEX nights_by_start ON nights (night)");
    EXPECT_THAT(test::message_of([&] { const history nights(file()); }),
                HasSubstr("history.db: index nights_by_start already exists"));
    EXPECT_EQ(number("PRAGMA user_version"), 1);
    EXPECT_EQ(number("SELECT count(*) FROM measurements"), 1);
}

TEST_F(migration_test, several_may_open_an_older_history_at_once) {
    write_version_1();
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i) openers.emplace_back([&] { const history nights(file()); });
    for (auto& opener : openers) opener.join();
    EXPECT_EQ(number("PRAGMA user_version"), newest_version);
    EXPECT_TRUE(history(file()).load("night-1"));
}

TEST_F(migration_test, a_newer_history_is_refused_and_stays_as_it_is) {
    write_version_1();
    open().exec("PRAGMA user_version = 99");
    EXPECT_THAT(test::message_of([&] { const history nights(file()); }),
                HasSubstr(fmt::format(
                    "history.db: the history is of version 99, and this qharness knows {} at "
                    "most: use a newer one, or another file with --history",
                    newest_version)));
    EXPECT_EQ(number("PRAGMA user_version"), 99);
    EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name = 'nights_by_start'"), 0);
}

TEST_F(migration_test, an_empty_database_is_a_history_of_version_0) {
    { open().exec("PRAGMA user_version = 0"); }
    auto one = night("n", "2026-11-01T01:00:00Z");
    one.cells.clear();
    EXPECT_NO_THROW(history(file()).add(one));
}

}  // namespace
}  // namespace qh
