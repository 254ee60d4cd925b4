#include "golden_console.hpp"
#include "test_paths.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "base/json.hpp"

namespace qh::golden {
namespace {

const std::filesystem::path folder = GOLDEN_CONSOLE;
constexpr std::string_view log_ending = ".log.zst";

std::string read_file(const std::filesystem::path& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

std::filesystem::path events_path(const std::string& name) {
    return folder / (name + ".events.json");
}

std::map<std::string, nlohmann::json> read_cases() {
    std::map<std::string, nlohmann::json> cases;
    for (const auto& file : std::filesystem::directory_iterator(folder / "cases"))
        for (auto& one : parse_json(read_file(file.path()))) {
            const std::string name = one.at("name");
            cases.emplace(name, std::move(one));
        }
    return cases;
}

const std::map<std::string, nlohmann::json>& cases() {
    static const auto all = read_cases();
    return all;
}

}  // namespace

std::vector<std::string> log_names() {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const auto name = file.path().filename().string();
        if (name.ends_with(log_ending))
            names.push_back(name.substr(0, name.size() - log_ending.size()));
    }
    std::ranges::sort(names);
    return names;
}

std::filesystem::path log_path(const std::string& name) {
    return folder / (name + std::string(log_ending));
}

std::string read_log(const std::string& name) {
    const std::unique_ptr<archive, decltype(&archive_read_free)> reader(archive_read_new(),
                                                                        archive_read_free);
    archive_read_support_filter_zstd(reader.get());
    archive_read_support_format_raw(reader.get());
    archive_entry* entry = nullptr;
    const auto path = log_path(name);
    if (archive_read_open_filename(reader.get(), path.c_str(), 1 << 16) != ARCHIVE_OK ||
        archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK)
        throw std::runtime_error(archive_error_string(reader.get()));
    std::string bytes, chunk(1 << 16, '\0');
    for (;;) {
        const auto count = archive_read_data(reader.get(), chunk.data(), chunk.size());
        if (count < 0) throw std::runtime_error(archive_error_string(reader.get()));
        if (count == 0) return bytes;
        bytes.append(chunk, 0, static_cast<std::size_t>(count));
    }
}

const nlohmann::json& case_of(const std::string& name) {
    return cases().at(name);
}

std::vector<std::string> case_names() {
    std::vector<std::string> names;
    for (const auto& [name, one] : cases()) names.push_back(name);
    return names;
}

std::string read_events(const std::string& name) {
    return read_file(events_path(name));
}

void write_events(const std::string& name, std::string_view events) {
    std::ofstream(events_path(name), std::ios::binary) << events;
}

}  // namespace qh::golden
