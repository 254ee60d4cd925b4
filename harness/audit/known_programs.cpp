#include "audit/known_programs.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <thread>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = 1ull << 30;
constexpr std::uint64_t least_told_bytes = 32u << 20;
constexpr std::size_t most_entries = 64;
constexpr int format = 1;

/// Says that a file is the same as before without reading it.
std::string identity_of(const fs::path& file, const std::string& init) {
    struct stat status = {};
    if (::stat(file.c_str(), &status) != 0)
        throw usage_error("cannot open {}: {}", file.string(), system_message(errno));
    constexpr std::uint64_t block_bytes = 512;
    if (static_cast<std::uint64_t>(status.st_blocks) * block_bytes > most_bytes) return {};
    return sha256_hex(fmt::format("{} {} {} {} {} {}.{:09} {}.{:09} {}", format, file.string(),
                                  status.st_dev, status.st_ino, status.st_size,
                                  status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                                  status.st_ctim.tv_sec, status.st_ctim.tv_nsec, init));
}

/// What was found in files before, the newest last; a cache that cannot be read is an empty one.
class program_cache {
  public:
    program_cache() : file_(cache_directory() / "programs.json") {
        try {
            if (fs::exists(file_)) entries_ = parse_json(read_file(file_));
        } catch (const std::exception&) {
            entries_ = nullptr;
        }
        if (!entries_.is_array()) entries_ = json::array();
    }

    std::optional<std::vector<key_program>> find(const std::string& key) const {
        for (const auto& entry : entries_) try {
                if (entry.at("key") == key) return key_programs_from(entry.at("programs"));
            } catch (const json::exception&) {
            }
        return std::nullopt;
    }

    void add(const std::string& key, const std::vector<key_program>& programs) {
        entries_.push_back({{"key", key}, {"programs", to_json(programs)}});
        if (entries_.size() > most_entries) entries_.erase(entries_.begin());
        fs::create_directories(file_.parent_path());
        write_file_atomically(file_, dump(entries_) + "\n");
    }

  private:
    fs::path file_;
    json entries_;
};

std::vector<key_program> read_programs(const fs::path& file, const std::string& init) {
    program_survey survey;
    // No program that a run begins with lies within another file.
    read_tree(file, std::max(1u, std::thread::hardware_concurrency()),
              [&](const tree_entry& entry) { survey.add(entry); }, {.looks_into_files = false});
    return find_key_programs(survey, init, file.filename().string());
}

void look_at(const fs::path& file, const std::string& init,
             const std::function<void(const std::string&)>& reading, known_programs& found) {
    const auto key = identity_of(file, init);
    if (key.empty()) return;
    program_cache cache;
    auto programs = cache.find(key);
    if (!programs) {
        if (fs::file_size(file) > least_told_bytes) reading(file.filename().string());
        programs = read_programs(file, init);
        cache.add(key, *programs);
    }
    found.programs.insert(found.programs.end(), programs->begin(), programs->end());
}

}  // namespace

known_programs look_at_programs(const machine_spec& machine,
                                const std::function<void(const std::string&)>& reading) {
    known_programs found;
    std::vector<std::pair<fs::path, std::string>> files;
    if (!machine.initrd.empty())
        files.emplace_back(machine.initrd, init_of_initramfs(machine.append));
    for (const auto& drive : machine.drives)
        files.emplace_back(drive, init_of_disk(machine.append));
    for (const auto& [file, init] : files) try {
            look_at(file, init, reading, found);
        } catch (const std::exception& e) {
            found.problems.push_back(valid_utf8(e.what()));
        }
    return found;
}

}  // namespace qh
