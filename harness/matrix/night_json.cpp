#include "matrix/night_json.hpp"

#include "matrix/written_json.hpp"

namespace qh {
namespace {

template <typename Value>
json or_null(const std::optional<Value>& value) {
    return value ? json(*value) : json();
}

void set_text(json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

std::string text_in(const json& object, const char* key) {
    return object.value(key, std::string());
}

json to_json(const known_failure& expected) {
    json value = {
        {"outcomes", json::array()}, {"reason", expected.reason}, {"until", expected.until}};
    for (const auto outcome : expected.outcomes) value["outcomes"].push_back(name_of(outcome));
    return value;
}

known_failure failure_from_json(const json& value) {
    known_failure expected;
    for (const auto& name : value.at("outcomes").get<std::vector<std::string>>()) {
        const auto outcome = enum_named<run_outcome>(name);
        if (!outcome) throw usage_error("there is no outcome \"{}\"", name);
        expected.outcomes.push_back(*outcome);
    }
    expected.reason = value.at("reason").get<std::string>();
    expected.until = value.at("until").get<std::string>();
    return expected;
}

cell_result cell_result_from_json(const json& value) {
    cell_result cell;
    cell.what = cell_from_json(value);
    cell.outcome = enum_in<cell_outcome>(value, "outcome");
    cell.status = enum_in<cell_status>(value, "status");
    cell.reason = text_in(value, "reason");
    cell.unexpected_pass = value.value("unexpected_pass", false);
    for (const auto& attempt : value.value("attempts", json::array()))
        cell.attempts.push_back(attempt_from_json(attempt));
    cell.seconds = value.value("seconds", 0.0);
    cell.run = run_record(value);
    return cell;
}

}  // namespace

json to_json(const cell& what) {
    json value = {{"name", what.name},
                  {"point", what.point},
                  {"params", what.settings.params},
                  {"timeout_multiplier", or_null(what.settings.timeout_multiplier)},
                  {"retries", or_null(what.settings.retries)}};
    if (what.expected) value["expected"] = to_json(*what.expected);
    set_text(value, "quarantine", what.quarantine);
    return value;
}

cell cell_from_json(const json& value) {
    cell what;
    what.name = value.at("name").get<std::string>();
    what.point = value.value("point", cell_point());
    what.settings.params = value.value("params", std::map<std::string, std::string>());
    what.settings.timeout_multiplier = optional_in<double>(value, "timeout_multiplier");
    what.settings.retries = optional_in<unsigned>(value, "retries");
    if (value.contains("expected")) what.expected = failure_from_json(value.at("expected"));
    what.quarantine = text_in(value, "quarantine");
    return what;
}

json to_json(const cell_attempt& attempt) {
    json value = {{"outcome", name_of(attempt.outcome)},
                  {"reason", attempt.reason},
                  {"record", attempt.record}};
    if (attempt.seconds) value["seconds"] = *attempt.seconds;
    if (!attempt.nodes.empty()) value["nodes"] = attempt.nodes;
    return value;
}

cell_attempt attempt_from_json(const json& value) {
    cell_attempt attempt;
    attempt.outcome = enum_in<run_outcome>(value, "outcome");
    attempt.reason = text_in(value, "reason");
    attempt.record = text_in(value, "record");
    attempt.seconds = optional_in<double>(value, "seconds");
    attempt.impossible = value.value("impossible", false);
    attempt.nodes = value.value("nodes", std::vector<std::string>());
    return attempt;
}

json to_json(const cell_result& cell) {
    json value = to_json(cell.what);
    value["outcome"] = name_of(cell.outcome);
    value["status"] = name_of(cell.status);
    value["reason"] = cell.reason;
    if (cell.unexpected_pass) value["unexpected_pass"] = true;
    value["attempts"] = json::array();
    for (const auto& attempt : cell.attempts) value["attempts"].push_back(to_json(attempt));
    value["seconds"] = cell.seconds;
    value.update(cell.run.document());
    return value;
}

json to_json(const night_result& night) {
    json value = {{"schema", 1},
                  {"night", night.name},
                  {"matrix", night.matrix},
                  {"folder", night.folder.string()},
                  {"wall_s", night.wall_s},
                  {"counts", json::object()},
                  {"cells", json::array()}};
    if (night.description) value["description"] = *night.description;
    set_text(value, "started", night.started);
    set_text(value, "finished", night.finished);
    set_text(value, "stopped", night.stopped);
    set_text(value, "shard", night.shard);
    if (night.partial) value["partial"] = true;
    if (!night.host.is_null()) value["host"] = night.host;
    if (!night.all_cells.empty()) value["all_cells"] = night.all_cells;
    if (night.missing) value["missing"] = *night.missing;
    for (const auto& [status, count] : counts_of(night)) value["counts"][name_of(status)] = count;
    for (const auto& cell : night.cells) value["cells"].push_back(to_json(cell));
    return value;
}

night_result night_from_json(const json& value) {
    night_result night;
    night.name = text_in(value, "night");
    night.matrix = text_in(value, "matrix");
    night.description = optional_in<std::string>(value, "description");
    night.started = text_in(value, "started");
    night.finished = text_in(value, "finished");
    night.stopped = text_in(value, "stopped");
    night.shard = text_in(value, "shard");
    night.partial = value.value("partial", false);
    night.folder = text_in(value, "folder");
    night.host = value.value("host", json());
    night.wall_s = value.value("wall_s", 0.0);
    night.all_cells = value.value("all_cells", std::vector<std::string>());
    night.missing = optional_in<std::vector<std::string>>(value, "missing");
    for (const auto& cell : value.at("cells")) night.cells.push_back(cell_result_from_json(cell));
    return night;
}

}  // namespace qh
