#include "matrix/night_record.hpp"

#include <algorithm>
#include <set>

#include "matrix/night_directory.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t longest_output = 4096;

void copy_members(json& target, const json& source, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (source.contains(name)) target[name] = source[name];
}

/// A step without its output, of which only a failed one's end is worth its place.
json brief(const json& step) {
    json result;
    copy_members(result, step,
                 {"name", "kind", "outcome", "reason", "seconds", "exit", "captures", "results"});
    if (step.value("outcome", "") == "failed" || step.value("outcome", "") == "timed_out")
        for (const auto* stream : {"output", "stderr"})
            if (step.contains(stream) && step[stream].is_string()) {
                const auto& said = step[stream].get_ref<const std::string&>();
                result[stream] = said.substr(said.size() - std::min(said.size(), longest_output));
            }
    return result;
}

void add_run(json& cell, const json& result) {
    copy_members(cell, result,
                 {"scenario", "measurements", "failures", "fingerprint", "excerpt", "captures",
                  "started", "machine", "image"});
    cell["steps"] = json::array();
    for (const auto& step : result.value("steps", json::array()))
        cell["steps"].push_back(brief(step));
}

/// The attempt whose outcome is the cell's; of a flaky one the last.
const cell_attempt* deciding(const std::vector<cell_attempt>& attempts,
                             const std::string& outcome) {
    const auto found = std::find_if(attempts.rbegin(), attempts.rend(), [&](const auto& attempt) {
        return attempt.outcome == outcome;
    });
    if (found != attempts.rend()) return &*found;
    return attempts.empty() ? nullptr : &attempts.back();
}

json record_of(const cell& what, const cell_progress& progress, const fs::path& night,
               const std::string& day) {
    const auto how = outcome_of(progress.attempts);
    json record = to_json(what);
    record["outcome"] = how.outcome;
    record["reason"] = how.reason;
    record["status"] = name_of(status_of(what, how.outcome, day));
    if (passed_unexpectedly(what, how.outcome, day)) record["unexpected_pass"] = true;
    record["attempts"] = json::array();
    double seconds = 0;
    for (const auto& attempt : progress.attempts) {
        seconds += attempt.seconds;
        record["attempts"].push_back({{"outcome", attempt.outcome},
                                      {"reason", attempt.reason},
                                      {"record", attempt.record},
                                      {"seconds", attempt.seconds}});
        if (!attempt.nodes.empty()) record["attempts"].back()["nodes"] = attempt.nodes;
    }
    record["seconds"] = seconds;
    const auto* last = deciding(progress.attempts, how.outcome);
    if (last && !last->record.empty() && fs::exists(night / last->record / "result.json"))
        add_run(record, read_json_file(night / last->record / "result.json"));
    return record;
}

json counts_of(const json& cells) {
    json counts = json::object();
    for (const auto& cell : cells) {
        const auto status = cell["status"].get<std::string>();
        counts[status] = counts.value(status, 0) + 1;
    }
    return counts;
}

/// A folder's full path with its name as the last part, however it was written.
fs::path full_path(const fs::path& folder) {
    const auto path = fs::absolute(folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

/// Attempts of `run --retries` lie beside each other.
json attempts_of_run(const json& result, const json& cell, const std::string& folder) {
    auto attempts = result.value("attempts", json::array());
    if (attempts.empty())
        attempts.push_back({{"outcome", cell["outcome"]},
                            {"reason", cell["reason"]},
                            {"record", folder},
                            {"seconds", cell["seconds"]}});
    for (auto& attempt : attempts)
        attempt["record"] =
            (".." / fs::path(attempt.value("record", std::string())).filename()).string();
    return attempts;
}

json read_run(const fs::path& folder) {
    const auto result = read_json_file(folder / "result.json");
    const auto name = result.at("scenario").at("name").get<std::string>();
    cell what;
    what.name = name;
    what.point = {{"scenario", name}};
    const auto& machine = result.value("machine", json::object());
    if (machine.contains("cpu")) what.point["cpu"] = machine["cpu"].get<std::string>();
    const auto outcome = result.at("outcome").get<std::string>();
    json cell = to_json(what);
    cell["outcome"] = outcome;
    cell["reason"] = result.value("reason", "");
    cell["status"] = name_of(status_of(what, outcome, ""));
    cell["seconds"] = result.value(json_path("/cost/wall_s"), 0.0);
    const auto id = full_path(folder).filename().string();
    cell["attempts"] = attempts_of_run(result, cell, id);
    add_run(cell, result);
    json night = {{"schema", 1},
                  {"night", id},
                  {"matrix", name},
                  {"folder", fs::absolute(folder).string()},
                  {"wall_s", cell["seconds"]},
                  {"cells", json::array({cell})}};
    copy_members(night, result, {"started", "host"});
    night["counts"] = counts_of(night["cells"]);
    return night;
}

/// The time at which a night's last event happened, and how long all its parts took.
void add_times(json& night, const fs::path& folder) {
    const auto text = read_file(folder / "night.jsonl", 1u << 30);
    double wall = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto event = parse_json_or_discard(text.substr(at, end - at));
        at = end + 1;
        if (!event.is_object()) continue;
        if (event.contains("time")) night["finished"] = event["time"];
        if (event.value("type", "") == "night_finished") wall += event.value("wall_s", 0.0);
        if (event.value("type", "") == "night_stopped") night["stopped"] = event["reason"];
    }
    night["wall_s"] = wall;
}

}  // namespace

json read_night(const fs::path& folder) {
    if (!fs::exists(folder / "night.json") && fs::exists(folder / "result.json"))
        return read_run(folder);
    const auto plan = read_plan(folder);
    const auto progress = read_progress(folder);
    json night = {{"schema", 1}, {"folder", fs::absolute(folder).string()}};
    night["matrix"] = plan.at("name");
    copy_members(night, plan,
                 {"night", "description", "started", "host", "shard", "partial", "all_cells"});
    add_times(night, folder);
    const auto day = plan.value("started", "").substr(0, 10);
    night["cells"] = json::array();
    for (const auto& planned : plan.at("cells")) {
        const auto what = cell_from_json(planned);
        const auto found = progress.find(what.name);
        night["cells"].push_back(record_of(
            what, found == progress.end() ? cell_progress{} : found->second, folder, day));
    }
    night["counts"] = counts_of(night["cells"]);
    return night;
}

fs::path history_beside(const fs::path& night) {
    return full_path(night).parent_path() / "history.db";
}

json merge_nights(const std::vector<json>& shards) {
    json merged = shards.at(0);
    merged["cells"] = json::array();
    merged.erase("shard");
    double longest = 0;
    std::set<std::string> names, all;
    for (const auto& shard : shards) {
        if (shard["matrix"] != merged["matrix"])
            throw usage_error("{} and {} are nights of different matrices",
                              merged["matrix"].get<std::string>(),
                              shard["matrix"].get<std::string>());
        for (auto cell : shard["cells"]) {
            const auto name = cell["name"].get<std::string>();
            if (!names.insert(name).second)
                throw usage_error("two shards have run the cell \"{}\"", name);
            // Records of a cell are found from where the merged night is read.
            for (auto& attempt : cell["attempts"])
                if (attempt["record"] != "")
                    attempt["record"] = (fs::path(shard["folder"].get<std::string>()) /
                                         attempt["record"].get<std::string>())
                                            .string();
            merged["cells"].push_back(std::move(cell));
        }
        for (const auto& name : shard.value("all_cells", json::array()))
            all.insert(name.get<std::string>());
        longest = std::max(longest, shard["wall_s"].get<double>());
    }
    merged["wall_s"] = longest;
    merged["missing"] = json::array();
    for (const auto& name : all)
        if (!names.contains(name)) merged["missing"].push_back(name);
    merged["counts"] = counts_of(merged["cells"]);
    return merged;
}

}  // namespace qh
