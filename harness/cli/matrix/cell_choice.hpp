// Which cells of a matrix the options ask for, and what is known of how long they take.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "history/history.hpp"
#include "matrix/matrix_reader.hpp"
#include "matrix/night_executor.hpp"

namespace qh {

struct matrix_options {
    std::string file, filter, shard, resume, history_file, out = "runs";
    std::string executor = std::string(default_executor);
    std::vector<std::string> with;
    std::size_t jobs = 0;
    bool rerun_failed = false, fail_fast = false, dry_run = false, print_json = false;
};

/// The file that has all nights' results.
std::filesystem::path history_for(const matrix_options& options);

/// What the cells took in earlier nights, where there were any.
std::map<std::string, double> known_seconds(const std::string& matrix,
                                            const matrix_options& options,
                                            history::nights which = history::nights::all);

/// How long each cell is thought to take: what it took before, else what the others do.
std::vector<double> expected_seconds(const std::vector<std::string>& names,
                                     const std::map<std::string, double>& known);

/// The cells of the matrix that the options leave; `all` gets the names of those that all shards
/// have together. Throws a usage error where an option makes no sense here.
std::vector<cell> choose(const expanded_matrix& matrix, const matrix_options& options, json& all);

}  // namespace qh
