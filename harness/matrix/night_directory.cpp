#include "matrix/night_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/dated_folder.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/wall_clock.hpp"
#include "matrix/night_json.hpp"
#include "matrix/written_json.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr const char* plan_name = "night.json";
constexpr const char* journal_name = "night.jsonl";
constexpr std::size_t longest_journal = 1u << 30;

fs::path folder_of_cell(const fs::path& night, const std::string& cell) {
    constexpr std::size_t digits = 12;
    return night / "cells" / sha256_hex(cell).substr(0, digits);
}

}  // namespace

night_directory::night_directory(fs::path path, json plan)
    : path_(std::move(path)), plan_(std::move(plan)) {
    const auto file = path_ / journal_name;
    journal_ = unique_fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!journal_)
        throw infrastructure_error("cannot write {}: {}", file.string(), system_message(errno));
    if (::flock(journal_.get(), LOCK_EX | LOCK_NB) != 0)
        throw usage_error("another qharness is at work on the night {}", path_.string());
}

night_directory night_directory::make(const fs::path& parent, json plan) {
    const auto path = make_dated_folder(parent, plan.at("name").get<std::string>(), "the night's");
    plan["night"] = path.filename().string();
    write_file_atomically(path / plan_name, dump(plan, 1) + "\n");
    return {path, std::move(plan)};
}

night_directory night_directory::reopen(const fs::path& path) {
    night_directory night(path, read_plan(path));
    // What a kill has cut would swallow the next event.
    const auto file = path / journal_name;
    if (const auto text = read_file(file, longest_journal); !text.empty() && text.back() != '\n')
        write_all(night.journal_.get(), "\n", file.string());
    night.record("night_resumed", json::object());
    return night;
}

void night_directory::record(const std::string& type, json data) {
    data["type"] = type;
    data["time"] = utc_now("%Y-%m-%dT%H:%M:%SZ");
    write_all(journal_.get(), dump(data) + "\n", (path_ / journal_name).string());
}

fs::path night_directory::attempt_folder(const std::string& cell, std::size_t attempt) const {
    const auto folder = folder_of_cell(path_, cell) / fmt::format("attempt-{}", attempt);
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw infrastructure_error("cannot make {}: {}", folder.string(), failure.message());
    return folder;
}

fs::path night_directory::attempt_log(const std::string& cell, std::size_t attempt) const {
    return folder_of_cell(path_, cell) / fmt::format("attempt-{}.log", attempt);
}

void night_directory::write_result(const night_result& result) const {
    write_file_atomically(path_ / "result.json", dump(to_json(result), 1) + "\n");
}

json read_json_file(const fs::path& file) {
    auto value = parse_json_or_discard(read_file(file, 1u << 30));
    if (!value.is_object()) throw usage_error("{} is not what qharness wrote there", file.string());
    return value;
}

json read_plan(const fs::path& night) {
    const auto file = night / plan_name;
    if (!fs::exists(file))
        throw usage_error("{} is no night's folder: it has no {}", night.string(), plan_name);
    return read_json_file(file);
}

void for_each_event(const fs::path& night, const std::function<void(const json&)>& use) {
    const auto file = night / journal_name;
    if (!fs::exists(file)) return;
    const auto text = read_file(file, longest_journal);
    read_as_written(file.string(), [&] {
        for (const auto line : split_lines(text))
            if (const auto event = parse_json_or_discard(line); event.is_object()) use(event);
    });
}

std::vector<json> read_events(const fs::path& night, const std::string& type) {
    std::vector<json> events;
    for_each_event(night, [&](const json& event) {
        if (event.value("type", "") == type) events.push_back(event);
    });
    return events;
}

std::map<std::string, cell_progress> read_progress(const fs::path& night) {
    std::map<std::string, cell_progress> cells;
    for_each_event(night, [&](const json& event) {
        if (!event.contains("cell")) return;
        auto& cell = cells[event.at("cell").get<std::string>()];
        const auto type = event.value("type", "");
        const auto attempt = event.value("attempt", std::size_t{1});
        if (type == "attempt_started") {
            cell.started = std::max(cell.started, attempt);
            cell.open = attempt;
        } else if (type == "attempt_finished") {
            if (cell.open == attempt) cell.open = 0;
            cell.attempts.push_back(attempt_from_json(event));
        }
    });
    // Who interrupted a cell did not try it.
    for (auto& [name, cell] : cells)
        std::erase_if(cell.attempts, [](const cell_attempt& one) {
            return one.outcome == run_outcome::interrupted;
        });
    return cells;
}

fs::path newest_night(const fs::path& parent, const std::string& matrix) {
    fs::path newest;
    std::string started;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        if (!fs::exists(entry.path() / plan_name, ignored)) continue;
        const auto plan = read_plan(entry.path());
        const auto when = plan.value("started", "");
        if (plan.value("name", "") != matrix || when < started) continue;
        started = when;
        newest = entry.path();
    }
    return newest;
}

}  // namespace qh
