#include "record/run_directory.hpp"

#include <fcntl.h>

#include <cerrno>
#include <ctime>

#include "base/dated_folder.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "run/events/event_json.hpp"

namespace qh {

namespace fs = std::filesystem;

run_directory::run_directory(const fs::path& parent, std::string_view scenario_name,
                             std::size_t longest)
    : path_(make_dated_folder(parent, scenario_name, "the run's")),
      cast_(cast_version::v3, valid_utf8(scenario_name), std::time(nullptr)),
      longest_(longest) {
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

void run_directory::record(const event& event) {
    if (failure_) throw error(*failure_);
    try {
        append(event);
    } catch (const error& e) {
        failure_ = e;
        throw;
    }
}

void run_directory::append(const event& event) {
    if (const auto* console = std::get_if<events::console_out>(&event.what))
        return append_limited(event, console->bytes, console_kept_, events::console_cut());
    if (const auto* channel = std::get_if<events::channel_out>(&event.what))
        return append_limited(event, channel->bytes, channel_kept_, events::channel_cut());
    append_line(event);
    append_to(cast_file_, "console.cast", cast_.on_event(event));
    if (const auto* errors = std::get_if<events::error_output>(&event.what))
        append_to(error_output_, "qemu.stderr", errors->bytes);
}

/// `cut` is told where the log has become too long.
void run_directory::append_limited(const event& event, const std::string& bytes, std::size_t& kept,
                                   event_data cut) {
    if (kept > longest_) return;
    const bool is_console = std::holds_alternative<events::console_out>(event.what);
    append_line(event);
    append_to(cast_file_, "console.cast", cast_.on_event(event));
    if (is_console) append_to(console_, "console.log", bytes);
    kept += bytes.size();
    if (kept <= longest_) return;
    if (is_console)
        append_to(console_, "console.log",
                  fmt::format("\n[qharness: cut here, what is longer than {} bytes is not kept]\n",
                              longest_));
    append_line({event.when, std::move(cut)});
}

void run_directory::append_line(const event& event) {
    if (!began_) began_ = event.when;
    auto line = to_json(event.what);
    line["t"] = std::chrono::duration<double>(event.when - *began_).count();
    append_to(journal_, "journal.jsonl", dump(line) + "\n");
}

void run_directory::append_to(const unique_fd& log, const char* name,
                              std::string_view bytes) const {
    if (!bytes.empty()) write_all(log.get(), bytes, (path_ / name).string());
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
