#include "history/database.hpp"

#include "base/error.hpp"

namespace qh {
namespace {

constexpr int longest_wait_ms = 60'000;

error failure(sqlite3* connection) {
    const auto* file = sqlite3_db_filename(connection, nullptr);
    return infrastructure_error("{}: {}", file ? file : "the history", sqlite3_errmsg(connection));
}

}  // namespace

statement::statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
    sqlite3_stmt* made = nullptr;
    check(sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &made, nullptr));
    statement_.reset(made);
}

void statement::check(int result) const {
    if (result != SQLITE_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        throw failure(connection_);
}

statement& statement::bind(int at, std::string_view text) {
    check(sqlite3_bind_text64(statement_.get(), at, text.data() ? text.data() : "", text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

statement& statement::bind(int at, double value) {
    check(sqlite3_bind_double(statement_.get(), at, value));
    return *this;
}

statement& statement::bind(int at, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), at, value));
    return *this;
}

bool statement::step() {
    const int result = sqlite3_step(statement_.get());
    check(result);
    return result == SQLITE_ROW;
}

void statement::run() {
    while (step()) {
    }
    check(sqlite3_reset(statement_.get()));
}

std::string statement::text(int column) const {
    const auto* const bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(
                                          sqlite3_column_bytes(statement_.get(), column)))
                 : std::string();
}

double statement::number(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

database::database(const std::filesystem::path& file) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open(file.c_str(), &opened);
    connection_.reset(opened);
    if (result != SQLITE_OK)
        throw infrastructure_error("cannot open the history {}: {}", file.string(),
                                   sqlite3_errmsg(opened));
    sqlite3_busy_timeout(opened, longest_wait_ms);
    execute("PRAGMA foreign_keys = ON");
}

void database::execute(const std::string& sql) const {
    if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw failure(connection_.get());
}

database::transaction::~transaction() {
    // Where even that fails, closing the connection does it.
    if (open_) sqlite3_exec(database_.connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void database::transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace qh
