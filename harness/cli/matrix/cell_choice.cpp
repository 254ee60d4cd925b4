#include "cli/matrix/cell_choice.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "matrix/night_directory.hpp"
#include "matrix/night_record.hpp"
#include "matrix/sharding.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_of(const std::vector<cell>& cells) {
    std::vector<std::string> names;
    for (const auto& cell : cells) names.push_back(cell.name);
    return names;
}

bool wants_another_run(cell_status status) {
    switch (status) {
        case cell_status::failed:
        case cell_status::infra_error:
        case cell_status::not_run:
            return true;
        case cell_status::passed:
        case cell_status::flaky:
        case cell_status::expected_failure:
        case cell_status::quarantined:
            return false;
    }
    return false;
}

/// Cells of the newest night that did not pass and were not expected to fail.
std::set<std::string> failed_before(const std::string& matrix, const matrix_options& options) {
    const auto folder = newest_night(options.out, matrix);
    if (folder.empty())
        throw usage_error("--rerun-failed: there is no night of {} in {}", matrix, options.out);
    const auto night = read_night(folder);
    std::set<std::string> names;
    for (const auto& cell : night.cells)
        if (wants_another_run(cell.status)) names.insert(cell.what.name);
    return names;
}

}  // namespace

fs::path history_for(const matrix_options& options) {
    return options.history_file.empty() ? fs::path(options.out) / "history.db"
                                        : fs::path(options.history_file);
}

std::map<std::string, double> known_seconds(const std::string& matrix,
                                            const matrix_options& options, history::nights which) {
    const auto file = history_for(options);
    if (!fs::exists(file)) return {};
    return history(file).seconds_of_cells(matrix, which);
}

std::vector<double> expected_seconds(const std::vector<std::string>& names,
                                     const std::map<std::string, double>& known) {
    constexpr double without_any = 30;
    double sum = 0;
    for (const auto& [name, seconds] : known) sum += seconds;
    const double otherwise = known.empty() ? without_any : sum / static_cast<double>(known.size());
    std::vector<double> seconds;
    for (const auto& name : names) {
        const auto found = known.find(name);
        seconds.push_back(found == known.end() ? otherwise : found->second);
    }
    return seconds;
}

std::vector<cell> choose(const expanded_matrix& matrix, const matrix_options& options, json& all) {
    const re2::RE2 filter(options.filter, re2::RE2::Quiet);
    if (!filter.ok()) throw usage_error("--filter: {}", filter.error());
    std::vector<cell> cells;
    std::set<std::string> failed;
    if (options.rerun_failed) failed = failed_before(matrix.what.name, options);
    for (const auto& cell : matrix.cells) {
        const auto& word = cell.settings.optional;
        if (!word.empty() && std::ranges::find(options.with, word) == options.with.end()) continue;
        if (!re2::RE2::PartialMatch(cell.name, filter)) continue;
        if (options.rerun_failed && !failed.contains(cell.name)) continue;
        cells.push_back(cell);
        all.push_back(cell.name);
    }
    if (options.shard.empty()) return cells;
    const auto wanted = parse_shard(options.shard);
    const auto names = names_of(cells);
    const auto known = known_seconds(matrix.what.name, options, history::nights::whole);
    const auto shards = share_out(names, expected_seconds(names, known), wanted.count);
    std::vector<cell> ours;
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (shards[i] == wanted.index) ours.push_back(cells[i]);
    return ours;
}

}  // namespace qh
