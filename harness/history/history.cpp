#include "history/history.hpp"

#include <algorithm>
#include <iterator>

#include "base/error.hpp"

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

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

}  // namespace

history::history(const std::filesystem::path& file) : database_(file) {
    migrate(file);
}

void history::migrate(const std::filesystem::path& file) {
    constexpr auto newest = static_cast<std::int64_t>(std::size(migrations));
    const auto version = [&] {
        auto query = database_.prepare("PRAGMA user_version");
        query.step();
        return query.integer(0);
    };
    if (version() == newest) return;
    database::transaction change(database_);
    const auto found = version();  // another process may have been faster
    if (found > newest)
        throw infrastructure_error(
            "{}: the history is of version {}, and this qharness knows {} at most: use a newer "
            "one, "
            "or another file with --history",
            file.string(), found, newest);
    for (auto at = found; at < newest; ++at)
        database_.execute(migrations[static_cast<std::size_t>(at)]);
    database_.execute(fmt::format("PRAGMA user_version = {}", newest));
    change.commit();
}

void history::add(const json& night) {
    const auto id = text_of(night, "night");
    database::transaction change(database_);
    database_.prepare("DELETE FROM nights WHERE night = ?").bind(1, id).run();
    json document = night;
    document.erase("cells");
    document.erase("all_cells");
    database_
        .prepare(
            "INSERT INTO nights (night, matrix, shard, partial, started, document) "
            "VALUES (?, ?, ?, ?, ?, ?)")
        .bind(1, id)
        .bind(2, text_of(night, "matrix"))
        .bind(3, text_of(night, "shard"))
        .bind(4, std::int64_t{night.value("partial", false)})
        .bind(5, text_of(night, "started"))
        .bind(6, dump(document))
        .run();
    for (const auto& cell : night.at("cells")) add_cell(id, cell);
    change.commit();
}

void history::add_cell(const std::string& night, const json& cell) {
    database_
        .prepare(
            "INSERT INTO runs (night, cell, status, outcome, reason, seconds, attempts, "
            "fingerprint, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(1, night)
        .bind(2, text_of(cell, "name"))
        .bind(3, text_of(cell, "status"))
        .bind(4, text_of(cell, "outcome"))
        .bind(5, text_of(cell, "reason"))
        .bind(6, number_of(cell, "seconds"))
        .bind(7, static_cast<std::int64_t>(cell.at("attempts").size()))
        .bind(8, fingerprint_of(cell))
        .bind(9, dump(cell))
        .run();
    auto id = database_.prepare("SELECT last_insert_rowid()");
    id.step();
    const auto run = id.integer(0);
    std::int64_t position = 0;
    for (const auto& step : cell.value("steps", json::array()))
        database_.prepare("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)")
            .bind(1, run)
            .bind(2, position++)
            .bind(3, text_of(step, "name"))
            .bind(4, text_of(step, "outcome"))
            .bind(5, text_of(step, "reason"))
            .bind(6, number_of(step, "seconds"))
            .run();
    for (const auto& one : cell.value("measurements", json::array()))
        database_.prepare("INSERT INTO measurements VALUES (?, ?, ?, ?, ?)")
            .bind(1, run)
            .bind(2, text_of(one, "name"))
            .bind(3, number_of(one, "value"))
            .bind(4, text_of(one, "unit"))
            .bind(5, dump(one.value("samples", json::array())))
            .run();
    for (const auto& one : cell.value("failures", json::array()))
        database_.prepare("INSERT INTO failures VALUES (?, ?, ?, ?)")
            .bind(1, run)
            .bind(2, text_of(one, "kind"))
            .bind(3, text_of(one, "title"))
            .bind(4, text_of(one, "step"))
            .run();
}

json history::load(const std::string& night) const {
    auto found = database_.prepare("SELECT document FROM nights WHERE night = ?");
    if (!found.bind(1, night).step()) return {};
    auto document = parse_json(found.text(0));
    document["cells"] = json::array();
    auto cells = database_.prepare("SELECT details FROM runs WHERE night = ? ORDER BY id");
    cells.bind(1, night);
    while (cells.step()) document["cells"].push_back(parse_json(cells.text(0)));
    return document;
}

json history::predecessor(const json& night) const {
    auto found = database_.prepare(
        "SELECT night FROM nights WHERE matrix = ? AND shard = ? AND partial = 0 AND night <> ? "
        "AND started <= ? ORDER BY started DESC, rowid DESC LIMIT 1");
    found.bind(1, text_of(night, "matrix"))
        .bind(2, text_of(night, "shard"))
        .bind(3, text_of(night, "night"))
        .bind(4, text_of(night, "started"));
    return found.step() ? load(found.text(0)) : json();
}

std::map<std::string, double> history::seconds_of_cells(const std::string& matrix,
                                                        nights which) const {
    auto rows = database_.prepare(
        "SELECT cell, seconds FROM (SELECT cell, seconds, row_number() OVER "
        "  (PARTITION BY cell ORDER BY started DESC) AS age FROM runs JOIN nights USING (night) "
        "  WHERE matrix = ?1 AND (?3 OR shard = '') AND seconds > 0 AND status NOT IN ('not_run', "
        "'infra_error')) "
        "WHERE age <= ?2");
    rows.bind(1, matrix)
        .bind(2, std::int64_t{nights_looked_at})
        .bind(3, std::int64_t{which == nights::all});
    std::map<std::string, std::vector<double>> all;
    while (rows.step()) all[rows.text(0)].push_back(rows.number(1));
    std::map<std::string, double> result;
    for (auto& [cell, seconds] : all) result[cell] = median(std::move(seconds));
    return result;
}

std::string history::failing_since(const json& night, const std::string& cell) const {
    auto rows = database_.prepare(
        "SELECT started, status FROM runs JOIN nights USING (night) "
        "WHERE matrix = ? AND cell = ? AND started <= ? ORDER BY started DESC, nights.rowid DESC");
    rows.bind(1, text_of(night, "matrix")).bind(2, cell).bind(3, text_of(night, "started"));
    std::string since;
    while (rows.step()) {
        const auto status = rows.text(1);
        // What was not tried or could not be says nothing of the guest.
        if (status == "not_run" || status == "infra_error") continue;
        if (status != "failed") break;
        since = rows.text(0);
    }
    return since;
}

std::vector<double> history::values(const json& night, const std::string& cell,
                                    const std::string& measurement,
                                    const std::string& fingerprint) const {
    auto rows = database_.prepare(
        "SELECT value FROM measurements JOIN runs ON runs.id = run JOIN nights USING (night) "
        "WHERE matrix = ? AND cell = ? AND name = ? AND fingerprint = ? AND night <> ? "
        "AND started <= ? ORDER BY started DESC, nights.rowid DESC LIMIT ?");
    rows.bind(1, text_of(night, "matrix"))
        .bind(2, cell)
        .bind(3, measurement)
        .bind(4, fingerprint)
        .bind(5, text_of(night, "night"))
        .bind(6, text_of(night, "started"))
        .bind(7, std::int64_t{nights_looked_at});
    std::vector<double> values;
    while (rows.step()) values.push_back(rows.number(0));
    return values;
}

}  // namespace qh
