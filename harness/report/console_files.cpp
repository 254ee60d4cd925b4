#include "report/console_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "report/page_console.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_of_a_failure = 96 << 10;
constexpr std::size_t most_of_a_pass = 48 << 10;
/// JSON escapes, times and events' other bytes make a recording larger than its text.
constexpr std::size_t most_of_a_file = 2 << 20;

struct console_file {
    std::size_t cell, attempt;
    fs::path path;
    std::size_t size;
};

std::vector<console_file> find_files(const json& night, bool passed) {
    std::vector<console_file> files;
    const fs::path folder = night.value("folder", std::string());
    const auto& cells = night.at("cells");
    for (std::size_t cell = 0; cell < cells.size(); ++cell) {
        if ((cells[cell]["status"] == "passed") != passed) continue;
        const auto& attempts = cells[cell].at("attempts");
        for (std::size_t attempt = 0; attempt < attempts.size(); ++attempt) {
            const auto record = attempts[attempt].value("record", std::string());
            if (record.empty()) continue;
            const auto path = folder / record / "console.cast";
            std::error_code none;
            if (const auto size = fs::file_size(path, none); !none)
                files.push_back({cell, attempt, path, static_cast<std::size_t>(size)});
        }
    }
    return files;
}

/// The end of a recording, from a whole line on.
std::string end_of_file(const console_file& file) {
    std::ifstream in(file.path, std::ios::binary);
    const auto length = std::min(file.size, most_of_a_file);
    in.seekg(static_cast<std::streamoff>(file.size - length));
    std::string text(length, '\0');
    in.read(text.data(), static_cast<std::streamsize>(length));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (length < file.size) text.erase(0, text.find('\n') + 1);
    return text;
}

/// Returns how many bytes of the budget it took.
std::size_t read_some(const std::vector<console_file>& files, std::size_t budget, std::size_t most,
                      json& consoles) {
    std::vector<std::size_t> sizes;
    for (const auto& file : files) sizes.push_back(file.size);
    const auto shares = share_out_bytes(sizes, budget, most);
    std::size_t used = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto console = page_console(end_of_file(files[i]), shares[i]);
        if (files[i].size > most_of_a_file)
            console["cut_bytes"] =
                console["cut_bytes"].get<std::size_t>() + files[i].size - most_of_a_file;
        used += shares[i];
        consoles[files[i].cell][files[i].attempt] = std::move(console);
    }
    return used;
}

}  // namespace

json read_consoles(const json& night, std::size_t budget) {
    json consoles = json::array();
    for (const auto& cell : night.at("cells"))
        consoles.push_back(json::array_t(cell.at("attempts").size()));
    const auto used = read_some(find_files(night, false), budget, most_of_a_failure, consoles);
    read_some(find_files(night, true), budget - std::min(budget, used), most_of_a_pass, consoles);
    return consoles;
}

}  // namespace qh
