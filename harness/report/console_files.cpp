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

/// Whether somebody will want to know why the cell ended as it did.
bool is_of_interest(cell_status status) {
    switch (status) {
        case cell_status::failed:
        case cell_status::infra_error:
        case cell_status::flaky:
        case cell_status::quarantined:
        case cell_status::expected_failure:
        case cell_status::not_run:
            return true;
        case cell_status::passed:
            return false;
    }
    return true;
}

std::vector<console_file> find_files(const night_result& night, bool of_interest) {
    std::vector<console_file> files;
    for (std::size_t cell = 0; cell < night.cells.size(); ++cell) {
        if (is_of_interest(night.cells[cell].status) != of_interest) continue;
        const auto& attempts = night.cells[cell].attempts;
        for (std::size_t attempt = 0; attempt < attempts.size(); ++attempt) {
            if (attempts[attempt].record.empty()) continue;
            const auto path = night.folder / attempts[attempt].record / "console.cast";
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

json read_consoles(const night_result& night, std::size_t budget) {
    json consoles = json::array();
    for (const auto& cell : night.cells) consoles.push_back(json::array_t(cell.attempts.size()));
    const auto used = read_some(find_files(night, true), budget, most_of_a_failure, consoles);
    read_some(find_files(night, false), budget - std::min(budget, used), most_of_a_pass, consoles);
    return consoles;
}

}  // namespace qh
