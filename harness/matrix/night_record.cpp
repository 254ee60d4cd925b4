#include "matrix/night_record.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "matrix/attempt_record.hpp"
#include "matrix/night_directory.hpp"
#include "matrix/night_json.hpp"
#include "matrix/written_json.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// The attempt whose outcome is the cell's; of a flaky one the last.
const cell_attempt* deciding(const std::vector<cell_attempt>& attempts, cell_outcome outcome) {
    const auto found = std::find_if(attempts.rbegin(), attempts.rend(), [&](const auto& attempt) {
        return as_cell_outcome(attempt.outcome) == outcome;
    });
    if (found != attempts.rend()) return &*found;
    return attempts.empty() ? nullptr : &attempts.back();
}

/// Reads what `run` has left in its result.json.
run_record read_record(const fs::path& run) {
    const auto file = run / "result.json";
    const auto result = read_json_file(file);
    return read_as_written(file.string(), [&] { return run_record(result); });
}

/// Completes a planned cell with what came of it.
void add_attempts(cell_result& result, std::vector<cell_attempt> attempts,
                  const night_result& night) {
    const auto day = night.started.substr(0, 10);
    auto verdict = verdict_of(attempts);
    result.outcome = verdict.outcome;
    result.reason = std::move(verdict.reason);
    result.status = status_of(result.what, result.outcome, day);
    result.unexpected_pass = passed_unexpectedly(result.what, result.outcome, day);
    for (const auto& attempt : attempts) result.seconds += attempt.seconds.value_or(0);
    const auto* decided = deciding(attempts, result.outcome);
    if (decided && !decided->record.empty() &&
        fs::exists(night.folder / decided->record / "result.json"))
        result.run = read_record(night.folder / decided->record);
    result.attempts = std::move(attempts);
}

/// A folder's full path with its name as the last part, however it was written.
fs::path full_path(const fs::path& folder) {
    const auto path = fs::absolute(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Attempts of `run --retries` lie beside each other.
std::vector<cell_attempt> attempts_of_run(const json& result, const std::string& folder) {
    std::vector<cell_attempt> attempts;
    for (const auto& one : result.value("attempts", json::array()))
        attempts.push_back(attempt_from_json(one));
    if (attempts.empty()) attempts.push_back(attempt_of_run(result, folder));
    for (auto& attempt : attempts)
        attempt.record = (".." / fs::path(attempt.record).filename()).string();
    return attempts;
}

cell_result only_cell(const json& result, const std::string& folder) {
    cell_result cell;
    cell.what.name = result.at("scenario").at("name").get<std::string>();
    cell.what.point = {{"scenario", cell.what.name}};
    if (const auto machine = result.value("machine", json::object()); machine.contains("cpu"))
        cell.what.point["cpu"] = machine.at("cpu").get<std::string>();
    cell.reason = result.value("reason", "");
    cell.seconds = result.value(json_path("/cost/wall_s"), 0.0);
    cell.outcome = enum_in<cell_outcome>(result, "outcome");
    cell.status = status_of(cell.what, cell.outcome, "");
    cell.attempts = attempts_of_run(result, folder);
    cell.run = run_record(result);
    return cell;
}

night_result read_run(const fs::path& folder) {
    const auto file = folder / "result.json";
    const auto result = read_json_file(file);
    return read_as_written(file.string(), [&] {
        night_result night;
        night.name = full_path(folder).filename().string();
        night.folder = fs::absolute(folder);
        night.cells.push_back(only_cell(result, night.name));
        const auto& cell = night.cells.front();
        night.matrix = cell.what.name;
        night.started = cell.run.started();
        night.host = result.value("host", json());
        night.wall_s = cell.seconds;
        return night;
    });
}

/// The time at which a night's last event happened, and how long all its parts took.
void add_times(night_result& night) {
    for_each_event(night.folder, [&](const json& event) {
        night.finished = event.value("time", night.finished);
        const auto type = event.value("type", "");
        if (type == "night_finished") night.wall_s += event.value("wall_s", 0.0);
        if (type == "night_stopped") night.stopped = event.value("reason", "");
    });
}

/// The night before anything of it had run.
night_result planned_night(const json& plan) {
    night_result night;
    night.name = plan.value("night", "");
    night.matrix = plan.at("name").get<std::string>();
    night.description = optional_in<std::string>(plan, "description");
    night.started = plan.value("started", "");
    night.shard = plan.value("shard", "");
    night.partial = plan.value("partial", false);
    night.host = plan.value("host", json());
    night.all_cells = plan.value("all_cells", std::vector<std::string>());
    for (const auto& planned : plan.at("cells"))
        night.cells.emplace_back().what = cell_from_json(planned);
    return night;
}

}  // namespace

night_result read_night(const fs::path& folder) {
    if (!fs::exists(folder / "night.json") && fs::exists(folder / "result.json"))
        return read_run(folder);
    const auto plan = read_plan(folder);
    auto night =
        read_as_written((folder / "night.json").string(), [&] { return planned_night(plan); });
    night.folder = fs::absolute(folder);
    add_times(night);
    auto progress = read_progress(folder);
    for (auto& cell : night.cells)
        add_attempts(cell, std::move(progress[cell.what.name].attempts), night);
    return night;
}

fs::path history_beside(const fs::path& night) {
    return full_path(night).parent_path() / "history.db";
}

night_result merge_nights(const std::vector<night_result>& shards) {
    night_result merged = shards.at(0);
    merged.cells.clear();
    merged.shard.clear();
    merged.wall_s = 0;
    std::set<std::string> names, all;
    for (const auto& shard : shards) {
        if (shard.matrix != merged.matrix)
            throw usage_error("{} and {} are nights of different matrices", merged.matrix,
                              shard.matrix);
        for (auto cell : shard.cells) {
            if (!names.insert(cell.what.name).second)
                throw usage_error("two shards have run the cell \"{}\"", cell.what.name);
            // Records of a cell are found from where the merged night is read.
            for (auto& attempt : cell.attempts)
                if (!attempt.record.empty())
                    attempt.record = (shard.folder / attempt.record).string();
            merged.cells.push_back(std::move(cell));
        }
        all.insert(shard.all_cells.begin(), shard.all_cells.end());
        merged.wall_s = std::max(merged.wall_s, shard.wall_s);
    }
    merged.missing.emplace();
    std::ranges::set_difference(all, names, std::back_inserter(*merged.missing));
    return merged;
}

}  // namespace qh
