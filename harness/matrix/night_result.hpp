// What a night came to: what history, comparison and reports are made from.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "matrix/cell_outcome.hpp"
#include "matrix/matrix.hpp"
#include "matrix/run_record.hpp"

namespace qh {

/// A cell, how it ended and why.
struct cell_result {
    cell what;
    cell_outcome outcome = cell_outcome::not_run;
    cell_status status = cell_status::not_run;
    std::string reason;
    bool unexpected_pass = false;  ///< it was expected to fail: the expectation can go
    std::vector<cell_attempt> attempts;
    double seconds = 0;  ///< of all attempts
    run_record run;      ///< of the attempt that decided
};

/// A night, or the shards of one, or a single run as a night of one cell. Times of day are UTC, as
/// 2026-11-26T01:00:00Z; an empty text is not known.
struct night_result {
    std::string name;                        ///< of its folder: what the history knows it by
    std::string matrix;                      ///< the matrix's name
    std::optional<std::string> description;  ///< of the matrix; nothing: this was a single run
    std::string started, finished;
    std::string stopped;           ///< why cells were left that were not started
    std::string shard;             ///< as in 2/5; empty: all of it
    bool partial = false;          ///< options have left some of the matrix's cells out
    std::filesystem::path folder;  ///< absolute; attempts' records are relative to it
    json host;                     ///< describe_host(); null: it is not known
    double wall_s = 0;
    std::vector<std::string> all_cells;  ///< names of the cells that all shards have together
    /// Names of cells that no shard ran, once shards are merged.
    std::optional<std::vector<std::string>> missing;
    std::vector<cell_result> cells;
};

/// How many cells have each status; those that none has are missing.
std::map<cell_status, std::size_t> counts_of(const night_result& night);

}  // namespace qh
