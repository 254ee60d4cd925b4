#include "image/image_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/locations.hpp"
#include "base/lock_file.hpp"
#include "build_config.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr const char* manifest_name = "manifest.json";
constexpr const char* kernel_name = "kernel";
constexpr const char* initrd_name = "initrd";
constexpr const char* disk_name = "disk.qcow2";
constexpr std::size_t folder_digits = 16;

fs::path images_folder() {
    return cache_directory() / "images";
}

/// The manifest's image if each file has the recorded size; a manifest that cannot be read counts
/// as no image, for another build mends that.
std::optional<stored_image> read_image(const fs::path& folder) {
    std::error_code absent;
    if (!fs::exists(folder / manifest_name, absent)) return std::nullopt;
    const json manifest = parse_json_or_discard(read_file(folder / manifest_name));
    if (!manifest.is_object() || !manifest.contains("files")) return std::nullopt;
    stored_image found;
    found.folder = folder;
    for (const auto& [name, bytes] : manifest["files"].items()) {
        if (fs::file_size(folder / name, absent) != bytes || absent) return std::nullopt;
        found.bytes += bytes.get<std::uint64_t>();
    }
    found.files.name = manifest.value("name", "");
    found.files.digest = manifest.value("digest", "");
    found.files.append = manifest.value("append", "");
    found.files.kernel = folder / kernel_name;
    found.used = fs::last_write_time(folder / manifest_name, absent);
    if (manifest["files"].contains(initrd_name)) found.files.initrd = folder / initrd_name;
    if (manifest["files"].contains(disk_name)) found.files.disk = folder / disk_name;
    return found;
}

json manifest_of(const fs::path& folder, const image& made, const recipe& from,
                 const build_record& record) {
    json files = json::object();
    for (const char* const name : {kernel_name, initrd_name, disk_name})
        if (fs::exists(folder / name)) files[name] = fs::file_size(folder / name);
    json seconds = json::object();
    for (const auto& [phase, duration] : record.seconds)
        seconds[phase] = std::round(duration * 1000) / 1000;
    return {{"schema", 1},
            {"name", made.name},
            {"digest", made.digest},
            {"recipe_digest", from.digest},
            {"suite", from.suite},
            {"architecture", from.architecture},
            {"append", made.append},
            {"builder", "qharness " QHARNESS_VERSION},
            {"kernel_version", record.kernel_version},
            {"files", files},
            {"packages", record.packages},
            {"seconds", seconds}};
}

}  // namespace

image_store::image_store(const std::string& name) : name_(name), folder_(images_folder() / name) {}

fs::path image_store::folder_of(const std::string& digest) const {
    return folder_ / digest.substr(0, folder_digits);
}

std::optional<image> image_store::find_by_recipe(const std::string& recipe_digest) const {
    const auto found = read_image(folder_ / "by-recipe" / recipe_digest);
    if (!found) return std::nullopt;
    // The paths shown and given to QEMU are the image's own, not the pointer's.
    return find(found->files.digest);
}

std::optional<image> image_store::find(const std::string& digest) const {
    auto found = read_image(folder_of(digest));
    if (!found || found->files.digest != digest) return std::nullopt;
    return std::move(found->files);
}

image image_store::keep(const fs::path& built, image made, const recipe& from,
                        const build_record& record) {
    write_file_atomically(built / manifest_name,
                          dump(manifest_of(built, made, from, record), 2) + "\n");
    const fs::path home = folder_of(made.digest);
    std::error_code failed;
    fs::remove_all(home, failed);
    fs::rename(built, home, failed);
    if (failed)
        throw infrastructure_error("cannot move the image to {}: {}", home.string(),
                                   failed.message());
    point(from.digest, made.digest);
    const auto kept = find(made.digest);
    if (!kept) throw infrastructure_error("{} was changed while it was made", home.string());
    return *kept;
}

void image_store::point(const std::string& recipe_digest, const std::string& image_digest) {
    const fs::path pointers = folder_ / "by-recipe";
    make_folder(pointers);
    const fs::path fresh = pointers / fmt::format(".{}", ::getpid());
    std::error_code failed;
    fs::remove(fresh, failed);
    fs::create_directory_symlink(fs::path("..") / folder_of(image_digest).filename(), fresh,
                                 failed);
    if (!failed) fs::rename(fresh, pointers / recipe_digest, failed);
    if (failed)
        throw infrastructure_error("cannot write {}: {}", (pointers / recipe_digest).string(),
                                   failed.message());
}

unique_fd image_store::lock(const std::function<void()>& waiting,
                            const std::atomic<bool>* stop) const {
    make_folder(folder_);
    // Beside the folder, which `image rm` removes.
    return lock_file(folder_.string() + ".lock", waiting, stop);
}

void image_store::remove_unfinished() const {
    for (const auto& entry : fs::directory_iterator(folder_))
        if (entry.path().filename().string().starts_with(unfinished)) fs::remove_all(entry.path());
}

std::vector<stored_image> image_store::list() const {
    std::vector<stored_image> images;
    if (!fs::is_directory(folder_)) return images;
    for (const auto& entry : fs::directory_iterator(folder_))
        if (auto found = read_image(entry.path())) images.push_back(std::move(*found));
    std::ranges::sort(images, {}, &stored_image::folder);
    return images;
}

void image_store::remove(const stored_image& one) {
    std::error_code failed;
    fs::remove_all(one.folder, failed);
    if (failed)
        throw infrastructure_error("cannot remove {}: {}", one.folder.string(), failed.message());
}

std::uint64_t image_store::remove() {
    std::uint64_t bytes = 0;
    for (const auto& one : list()) bytes += one.bytes;
    std::error_code failed;
    fs::remove_all(folder_, failed);
    if (failed)
        throw infrastructure_error("cannot remove {}: {}", folder_.string(), failed.message());
    return bytes;
}

void note_use(const image& used) {
    std::error_code read_only;
    fs::last_write_time(used.kernel.parent_path() / manifest_name, fs::file_time_type::clock::now(),
                        read_only);
}

std::vector<std::string> stored_image_names() {
    std::vector<std::string> names;
    if (!fs::is_directory(images_folder())) return names;
    for (const auto& entry : fs::directory_iterator(images_folder()))
        if (entry.is_directory()) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

}  // namespace qh
