#include "image/firmware/firmware.hpp"

#include <map>
#include <string>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/locations.hpp"
#include "base/lock_file.hpp"
#include "base/object_reader.hpp"
#include "image/package/apt_root.hpp"
#include "image/package/deb.hpp"
#include "image/package/debian_mirror.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

struct firmware_source {
    std::string suite, architecture;
    std::vector<std::string> packages;
    std::map<std::string, std::string> files;  ///< name → path in the packages
    std::string digest;                        ///< of the file that says so
};

firmware_source read_source() {
    const auto document =
        json_document::load(data_directory() / "images" / "lib" / "firmware.json");
    object_reader top(document, json_path(), "the firmware file");
    firmware_source source;
    source.suite = top.text("suite");
    source.architecture = top.text("architecture");
    source.packages = top.texts("packages");
    top.value("files");
    object_reader files(document, json_path("/files"), "a set of files");
    for (const auto& [name, ignored] : document.root()[json_path("/files")].items())
        source.files[name] = files.text(name);
    top.finish();
    source.digest = sha256_hex(document.text());
    return source;
}

void unpack_firmware(const firmware_source& source, const fs::path& home, build_phases& phases) {
    const auto cache = cache_directory();
    const auto turn = lock_file(
        cache / "packages.lock", [&] { phases.report({.phase = "wait"}); }, phases.options().stop);
    apt_root apt(cache, find_debian_mirror({}), source.suite, source.architecture, phases);
    apt.update();
    const auto packages = apt.resolve_alone(source.packages);
    phases.run("download", [&] { apt.download(packages); });
    const temporary_directory work(home.parent_path(), "unpacking");
    guest_tree tree(work.path() / "tree");
    const auto is_wanted = [&](const std::string& path) {
        for (const auto& [name, wanted] : source.files)
            if (path == wanted) return true;
        return false;
    };
    for (const auto& one : packages) unpack_deb(one.file, tree, is_wanted, phases.options().stop);
    const auto ready = work.path() / "ready";
    fs::create_directory(ready);
    for (const auto& [name, path] : source.files) {
        if (!fs::is_regular_file(tree.root() / path))
            throw infrastructure_error("no package brought {}", path);
        fs::rename(tree.root() / path, ready / name);
    }
    fs::rename(ready, home);
}

}  // namespace

firmware_files find_firmware(build_phases& phases) {
    return with_context("cannot get U-Boot and UEFI", [&] {
        const auto source = read_source();
        const auto home = cache_directory() / "firmware" / source.digest.substr(0, 16);
        const auto turn = lock_file(
            home.string() + ".lock", [&] { phases.report({.phase = "wait"}); },
            phases.options().stop);
        if (!fs::is_directory(home)) unpack_firmware(source, home, phases);
        return firmware_files{home / "u-boot.bin", home / "uefi-code.fd", home / "uefi-vars.fd",
                              home / "systemd-boot.efi"};
    });
}

}  // namespace qh
