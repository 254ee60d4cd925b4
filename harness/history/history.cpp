#include "history/history.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "history/sqlite.hpp"
#include "matrix/night_json.hpp"
#include "matrix/written_json.hpp"

namespace qh {
namespace {

/// Each brings the schema from its index to the next version. Never changed, only added to.
constexpr const char* migrations[] = {
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
    "CREATE INDEX failures_by_run ON failures (run);",
    // Trends and failing_since() ask for a matrix's nights of all shards by time.
    "CREATE INDEX nights_by_start ON nights (matrix, started);"};

constexpr int nights_looked_at = 10;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// As a list in SQL: the statuses of cells whose figures say nothing about their guests.
std::string undecided() {
    std::string list;
    for (const auto status : told_first)
        if (!guest_decided(status))
            list += fmt::format("{}'{}'", list.empty() ? "" : ", ", name_of(status));
    return list;
}

SQLite::Database open(const std::filesystem::path& file) {
    constexpr int longest_wait_ms = 60'000;
    try {
        return {file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, longest_wait_ms};
    } catch (const SQLite::Exception& e) {
        throw infrastructure_error("cannot open the history {}: {}", file.string(), e.what());
    }
}

/// Runs a statement that has no rows, with these values for its parameters.
template <typename... Values>
void execute(const SQLite::Database& database, const char* sql, const Values&... values) {
    SQLite::Statement statement(database, sql);
    SQLite::bind(statement, values...);
    statement.exec();
}

}  // namespace

history::history(const std::filesystem::path& file)
    : file_(std::filesystem::absolute(file)), database_(open(file)) {
    with_database(file_, [&] {
        database_.exec("PRAGMA foreign_keys = ON");
        migrate();
    });
}

void history::migrate() {
    constexpr auto newest = static_cast<std::int64_t>(std::size(migrations));
    const auto version = [&] { return database_.execAndGet("PRAGMA user_version").getInt64(); };
    if (version() == newest) return;
    SQLite::Transaction change(database_, SQLite::TransactionBehavior::IMMEDIATE);
    const auto found = version();  // another process may have been faster
    if (found > newest)
        throw infrastructure_error(
            "{}: the history is of version {}, and this qharness knows {} at most: use a newer "
            "one, or another file with --history",
            file_.string(), found, newest);
    for (auto at = found; at < newest; ++at)
        database_.exec(migrations[static_cast<std::size_t>(at)]);
    database_.exec(fmt::format("PRAGMA user_version = {}", newest));
    change.commit();
}

void history::add(const night_result& night) {
    with_database(file_, [&] {
        SQLite::Transaction change(database_, SQLite::TransactionBehavior::IMMEDIATE);
        execute(database_, "DELETE FROM nights WHERE night = ?", night.name);
        json document = to_json(night);
        document.erase("cells");
        document.erase("all_cells");
        execute(database_,
                "INSERT INTO nights (night, matrix, shard, partial, started, document) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                night.name, night.matrix, night.shard, std::int64_t{night.partial}, night.started,
                dump(document));
        for (const auto& cell : night.cells) add_cell(night.name, cell);
        change.commit();
    });
}

void history::add_cell(const std::string& night, const cell_result& cell) {
    execute(database_,
            "INSERT INTO runs (night, cell, status, outcome, reason, seconds, attempts, "
            "fingerprint, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            night, cell.what.name, std::string(name_of(cell.status)),
            std::string(name_of(cell.outcome)), cell.reason, cell.seconds,
            static_cast<std::int64_t>(cell.attempts.size()), fingerprint_of(cell),
            dump(to_json(cell)));
    const auto run = database_.getLastInsertRowid();
    std::int64_t position = 0;
    for (const auto& step : cell.run.steps())
        execute(database_, "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)", run, position++,
                step.name, std::string(name_of(step.outcome)), step.reason, step.seconds);
    for (const auto& one : cell.run.measurements())
        execute(database_, "INSERT INTO measurements VALUES (?, ?, ?, ?, ?)", run, one.name,
                one.value.value_or(0), one.unit, dump(one.samples));
    for (const auto& one : cell.run.failures())
        execute(database_, "INSERT INTO failures VALUES (?, ?, ?, ?)", run, one.kind, one.title,
                one.step);
}

std::optional<night_result> history::load(const std::string& night) const {
    return with_database(file_, [&]() -> std::optional<night_result> {
        SQLite::Statement found(database_, "SELECT document FROM nights WHERE night = ?");
        found.bind(1, night);
        if (!found.executeStep()) return std::nullopt;
        return read_as_written(fmt::format("the history's night {}", night), [&] {
            auto document = parse_json(found.getColumn(0).getString());
            document["cells"] = json::array();
            SQLite::Statement cells(database_,
                                    "SELECT details FROM runs WHERE night = ? ORDER BY id");
            cells.bind(1, night);
            while (cells.executeStep())
                document["cells"].push_back(parse_json(cells.getColumn(0).getString()));
            return night_from_json(document);
        });
    });
}

std::optional<night_result> history::predecessor(const night_result& night) const {
    return with_database(file_, [&]() -> std::optional<night_result> {
        SQLite::Statement found(
            database_,
            "SELECT night FROM nights WHERE matrix = ? AND shard = ? AND partial = 0 AND night <> "
            "? AND started <= ? ORDER BY started DESC, rowid DESC LIMIT 1");
        SQLite::bind(found, night.matrix, night.shard, night.name, night.started);
        if (!found.executeStep()) return std::nullopt;
        return load(found.getColumn(0).getString());
    });
}

std::map<std::string, double> history::seconds_of_cells(const std::string& matrix,
                                                        nights which) const {
    std::map<std::string, std::vector<double>> all;
    with_database(file_, [&] {
        SQLite::Statement rows(
            database_,
            fmt::format("SELECT cell, seconds FROM (SELECT cell, seconds, row_number() OVER "
                        "  (PARTITION BY cell ORDER BY started DESC) AS age "
                        "  FROM runs JOIN nights USING (night) WHERE matrix = ?1 "
                        "  AND (?3 OR shard = '') AND seconds > 0 AND status NOT IN ({})) "
                        "WHERE age <= ?2",
                        undecided()));
        SQLite::bind(rows, matrix, nights_looked_at, which == nights::all);
        while (rows.executeStep())
            all[rows.getColumn(0).getString()].push_back(rows.getColumn(1).getDouble());
    });
    std::map<std::string, double> result;
    for (auto& [cell, seconds] : all) result[cell] = median(std::move(seconds));
    return result;
}

std::string history::failing_since(const night_result& night, const std::string& cell) const {
    return with_database(file_, [&] {
        SQLite::Statement rows(
            database_,
            "SELECT started, status FROM runs JOIN nights USING (night) WHERE matrix = ? AND "
            "cell = ? AND started <= ? ORDER BY started DESC, nights.rowid DESC");
        SQLite::bind(rows, night.matrix, cell, night.started);
        std::string since;
        while (rows.executeStep()) {
            const auto status = enum_named<cell_status>(rows.getColumn(1).getString());
            if (!status || !guest_decided(*status)) continue;
            if (*status != cell_status::failed) break;
            since = rows.getColumn(0).getString();
        }
        return since;
    });
}

std::vector<double> history::values(const night_result& night, const std::string& cell,
                                    const std::string& measurement,
                                    const std::string& fingerprint) const {
    return with_database(file_, [&] {
        SQLite::Statement rows(
            database_,
            "SELECT value FROM measurements JOIN runs ON runs.id = run JOIN nights USING (night) "
            "WHERE matrix = ? AND cell = ? AND name = ? AND fingerprint = ? AND night <> ? "
            "AND started <= ? ORDER BY started DESC, nights.rowid DESC LIMIT ?");
        SQLite::bind(rows, night.matrix, cell, measurement, fingerprint, night.name, night.started,
                     nights_looked_at);
        std::vector<double> values;
        while (rows.executeStep()) values.push_back(rows.getColumn(0).getDouble());
        return values;
    });
}

}  // namespace qh
