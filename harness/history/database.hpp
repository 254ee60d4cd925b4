// SQLite with errors that say what was being done.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// One statement: bound from 1, stepped through its rows.
class statement {
  public:
    statement(sqlite3* connection, std::string_view sql);

    statement& bind(int at, std::string_view text);
    statement& bind(int at, double value);
    statement& bind(int at, std::int64_t value);

    /// Whether there is another row.
    bool step();
    /// Runs it to its end, and makes it ready to be bound again.
    void run();

    std::string text(int column) const;
    double number(int column) const;
    std::int64_t integer(int column) const;

  private:
    struct finalizer {
        void operator()(sqlite3_stmt* one) const { sqlite3_finalize(one); }
    };

    void check(int result) const;

    sqlite3* connection_;
    std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

/// An open database. Several processes may write: each waits for the others, up to a minute.
/// Everything throws infrastructure errors that name the file.
class database {
  public:
    explicit database(const std::filesystem::path& file);

    statement prepare(std::string_view sql) const { return {connection_.get(), sql}; }
    void execute(const std::string& sql) const;

    /// A transaction that may write: rolled back unless it is committed.
    class transaction {
      public:
        explicit transaction(const database& within) : database_(within) {
            database_.execute("BEGIN IMMEDIATE");
        }
        transaction(const transaction&) = delete;
        transaction& operator=(const transaction&) = delete;
        ~transaction();
        void commit();

      private:
        const database& database_;
        bool open_ = true;
    };

  private:
    struct closer {
        void operator()(sqlite3* one) const { sqlite3_close(one); }
    };

    std::unique_ptr<sqlite3, closer> connection_;
};

}  // namespace qh
