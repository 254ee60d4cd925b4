#include "warm/warm_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "process/tool.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view saving_prefix = ".saving";
/// Between the making of a folder for a saving and its lock.
constexpr auto lock_delay = std::chrono::minutes(1);

std::string overlay_name(std::size_t drive) {
    return fmt::format("disk{}.qcow2", drive);
}

fs::path made(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        throw infrastructure_error("cannot make {}: {}", folder.string(), failure.message());
    return folder;
}

void make_overlay(const fs::path& drive, const fs::path& overlay) {
    tool_command create;
    create.argv = {"qemu-img", "create", "-q",
                   "-f",       "qcow2",  "-b",
                   drive,      "-F",     drive.extension() == ".qcow2" ? "qcow2" : "raw",
                   overlay};
    run_tool(create);
}

unique_fd locked(const fs::path& file) {
    unique_fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.reset();
    return fd;
}

void clear_away_leftovers(const fs::path& store) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(store, ignored)) {
        if (!entry.path().filename().string().starts_with(saving_prefix)) continue;
        const auto age = fs::file_time_type::clock::now() - entry.last_write_time(ignored);
        if (age > lock_delay && locked(entry.path() / "lock"))
            fs::remove_all(entry.path(), ignored);
    }
}

/// What a folder's files take on the disk; a state file is mostly holes.
std::uint64_t bytes_in(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        struct ::stat found = {};
        if (::stat(entry.path().c_str(), &found) == 0)
            bytes += static_cast<std::uint64_t>(found.st_blocks) * 512;
    }
    return bytes;
}

void prune(const fs::path& store, const fs::path& newest, std::uint64_t most_bytes) {
    struct point {
        fs::file_time_type used;
        fs::path folder;
    };
    std::vector<point> points;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(store, ignored))
        if (!entry.path().filename().string().starts_with('.') && entry.path() != newest)
            points.push_back({entry.last_write_time(ignored), entry.path()});
    std::ranges::sort(points, std::greater(), &point::used);
    auto bytes = bytes_in(newest);
    for (const auto& one : points) {
        bytes += bytes_in(one.folder);
        if (bytes > most_bytes) fs::remove_all(one.folder, ignored);
    }
}

}  // namespace

warm_saving::warm_saving(const fs::path& store, std::string key, const machine_spec& spec,
                         std::uint64_t most_bytes)
    : store_(store),
      key_(std::move(key)),
      spec_(spec),
      most_bytes_(most_bytes),
      folder_(made(store), saving_prefix),
      lock_(locked(folder_.path() / "lock")) {
    made(folder_.path() / "point");
    for (std::size_t i = 0; i < spec.drives.size(); ++i)
        make_overlay(spec.drives[i], folder_.path() / overlay_name(i));
}

machine_spec warm_saving::machine() const {
    auto spec = spec_;
    for (std::size_t i = 0; i < spec.drives.size(); ++i)
        spec.drives[i] = folder_.path() / overlay_name(i);
    spec.writes_drives = true;
    return spec;
}

void warm_saving::keep(const fs::path& journal) {
    const auto point = folder_.path() / "point";
    std::error_code failure;
    for (std::size_t i = 0; i < spec_.drives.size() && !failure; ++i)
        fs::copy_file(folder_.path() / overlay_name(i), point / overlay_name(i), failure);
    if (!failure) fs::copy_file(journal, point / "journal.jsonl", failure);
    if (failure)
        throw infrastructure_error("cannot keep the warm point in {}: {}", point.string(),
                                   failure.message());
    fs::rename(point, store_ / key_, failure);
    // Who loses a race has a point of the same worth in its place.
    if (failure && !fs::is_directory(store_ / key_))
        throw infrastructure_error("cannot keep the warm point as {}: {}", (store_ / key_).string(),
                                   failure.message());
    prune(store_, store_ / key_, most_bytes_);
}

std::optional<fs::path> warm_store::find(const std::string& key) const {
    const auto point = folder_ / key;
    std::error_code missing;
    if (!fs::is_directory(point, missing)) return std::nullopt;
    fs::last_write_time(point, fs::file_time_type::clock::now(), missing);
    return point;
}

void warm_store::remove(const std::string& key) const {
    std::error_code ignored;
    fs::remove_all(folder_ / key, ignored);
}

std::unique_ptr<warm_saving> warm_store::save(const std::string& key,
                                              const machine_spec& spec) const {
    clear_away_leftovers(folder_);
    return std::make_unique<warm_saving>(folder_, key, spec, most_bytes_);
}

machine_spec warm_store::restored(machine_spec spec, const fs::path& point) {
    for (std::size_t i = 0; i < spec.drives.size(); ++i) spec.drives[i] = point / overlay_name(i);
    spec.incoming = point / "state";
    return spec;
}

}  // namespace qh
