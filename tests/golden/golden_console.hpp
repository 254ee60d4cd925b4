// The recorded consoles, what they must show, and what the engine told of them when last reviewed.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace qh::golden {

/// The names of all logs, sorted.
std::vector<std::string> log_names();

std::filesystem::path log_path(const std::string& name);

/// A log's bytes, unpacked.
std::string read_log(const std::string& name);

/// The case that a log was recorded for, as its JSON file has it.
const nlohmann::json& case_of(const std::string& name);

std::vector<std::string> case_names();

/// The events beside the log, as text; empty where there are none.
std::string read_events(const std::string& name);
void write_events(const std::string& name, std::string_view events);

}  // namespace qh::golden
