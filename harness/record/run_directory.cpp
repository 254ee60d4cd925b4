#include "record/run_directory.hpp"

#include <fcntl.h>

#include <cerrno>
#include <ctime>
#include <random>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wall_clock.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// A guest that never stops printing must not fill the host's disk.
constexpr std::size_t longest_console = 1u << 30;

/// A name from elsewhere as part of a file's name.
std::string file_name_part(std::string_view name) {
    constexpr std::size_t longest = 60;
    std::string part;
    for (const char c : name.substr(0, longest))
        part += std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' ? c : '-';
    return part;
}

}  // namespace

run_directory::run_directory(const fs::path& parent, std::string_view scenario_name)
    : cast_(cast_version::v3, valid_utf8(scenario_name), std::time(nullptr)) {
    std::error_code failure;
    fs::create_directories(parent, failure);
    std::random_device random;
    for (int attempt = 0; attempt < 100; ++attempt) {
        path_ = parent / fmt::format("{}-{}-{:04x}", utc_now("%Y%m%dT%H%M%SZ"),
                                     file_name_part(scenario_name), random() & 0xFFFF);
        if (!failure && fs::create_directory(path_, failure)) break;
        if (failure)
            throw infrastructure_error(
                "cannot make the run's folder in {}: {}; choose another place with --out",
                fs::absolute(parent).string(), failure.message());
    }
    journal_ = open_log("journal.jsonl");
    console_ = open_log("console.log");
    cast_file_ = open_log("console.cast");
    write_all(cast_file_.get(), cast_.header(), (path_ / "console.cast").string());
    error_output_ = open_log("qemu.stderr");
}

unique_fd run_directory::open_log(const char* name) const {
    unique_fd fd(::open((path_ / name).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!fd)
        throw infrastructure_error("cannot write {}: {}", (path_ / name).string(),
                                   system_message(errno));
    return fd;
}

void run_directory::record(const event& event, std::string_view raw) {
    if (failure_) throw error(*failure_);
    try {
        append(event, raw);
    } catch (const error& e) {
        failure_ = e;
        throw;
    }
}

void run_directory::append(const event& event, std::string_view raw) {
    if (!began_) began_ = event.when;
    const bool is_console = event.type == "console_out";
    const bool is_channel = event.type == "channel_out";
    if (is_console && console_bytes_ > longest_console) return;
    if (is_channel) {
        if (channel_bytes_ > longest_console) return;
        channel_bytes_ += raw.size();
    }
    json line = event.data;
    line["t"] = std::chrono::duration<double>(event.when - *began_).count();
    line["type"] = event.type;
    write_all(journal_.get(), dump(line) + "\n", (path_ / "journal.jsonl").string());
    if (const auto lines = cast_.on_event(event, raw); !lines.empty())
        write_all(cast_file_.get(), lines, (path_ / "console.cast").string());
    if (event.type == "stderr")
        write_all(error_output_.get(), raw, (path_ / "qemu.stderr").string());
    if (!is_console) return;
    write_all(console_.get(), raw, (path_ / "console.log").string());
    console_bytes_ += raw.size();
    if (console_bytes_ > longest_console) {
        const auto note = fmt::format(
            "\n[qharness: cut here, the console is longer than {} bytes]\n", longest_console);
        write_all(console_.get(), note, (path_ / "console.log").string());
        write_all(journal_.get(), dump({{"t", line["t"]}, {"type", "console_cut"}}) + "\n",
                  (path_ / "journal.jsonl").string());
    }
}

std::string run_directory::place_of_file(std::string_view name) {
    // A leading dot would hide the file, or be one of the names that mean a folder.
    auto own_name = file_name_part(name);
    if (own_name.empty() || own_name.front() == '.') own_name.insert(0, "_");
    return "files/" + own_name;
}

std::string run_directory::keep_file(std::string_view name, std::string_view content) const {
    std::error_code exists;
    fs::create_directory(path_ / "files", exists);
    const auto place = place_of_file(name);
    write(place, content);
    return place;
}

void run_directory::write(const std::string& name, std::string_view content,
                          bool executable) const {
    write_file_atomically(path_ / name, content);
    if (executable)
        fs::permissions(path_ / name,
                        fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                        fs::perm_options::add);
}

}  // namespace qh
