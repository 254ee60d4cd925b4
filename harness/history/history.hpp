// All nights in one file, history.db.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "history/night_comparison.hpp"

namespace qh {

/// An SQLite database with the tables nights, runs, steps, measurements and failures;
/// `user_version` is the number of the schema, and older ones are brought up to date when they are
/// opened. A run is a cell of a night. Its fingerprint names what figures depend on. Several
/// processes may write: each waits for the others, up to a minute. Everything throws infrastructure
/// errors that name the file.
class history : public past {
  public:
    /// Opens the file, or makes it. Throws an infrastructure error where it cannot, and where a
    /// newer qharness has written it.
    explicit history(const std::filesystem::path& file);

    /// Adds a night, or replaces the one of its name.
    void add(const night_result& night);

    /// A night as it was added. Throws a usage error where a version has written it whose statuses
    /// or outcomes this one does not know.
    std::optional<night_result> load(const std::string& night) const;

    /// The newest whole night of the same matrix and shard before this one.
    std::optional<night_result> predecessor(const night_result& night) const;

    /// Which nights count where durations are asked for.
    enum class nights { all, whole };

    /// Seconds that each cell took of late: the median over its latest nights. What is shared out
    /// between shards must count whole nights only: a shard that has run would shift the others.
    std::map<std::string, double> seconds_of_cells(const std::string& matrix, nights which) const;

    std::string failing_since(const night_result& night, const std::string& cell) const override;
    std::vector<double> values(const night_result& night, const std::string& cell,
                               const std::string& measurement,
                               const std::string& fingerprint) const override;

    /// How figures went over the newest 20 nights of the matrix up to this one, which need not have
    /// been added: {"nights": [starts], "cells": {cell: [{"name", "unit", "points": [[index of the
    /// night, value, 1 where its fingerprint is tonight's]]}]}}. Besides the measurements there is
    /// "whole cell", in seconds.
    json trends(const night_result& night) const;

  private:
    void migrate();
    void add_cell(const std::string& night, const cell_result& cell);

    std::filesystem::path file_;
    SQLite::Database database_;
};

}  // namespace qh
