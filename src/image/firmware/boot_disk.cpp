#include "image/firmware/boot_disk.hpp"

#include <algorithm>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/lock_file.hpp"
#include "image/content/base_tree.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t sector_bytes = 512;
constexpr std::size_t most_kept = 4;
constexpr int menu_seconds = 10;
constexpr const char* verbose = " loglevel=8";
/// The same disk is made of the same things.
constexpr const char* disk_id = "71686172-6e65-8373-8000-000000000001";
constexpr const char* partition_id = "71686172-6e65-8373-8000-000000000002";
constexpr const char* volume_id = "71686172";

void run(std::vector<std::string> argv, const build_options& options, const fs::path& input = {}) {
    tool_command command;
    command.argv = std::move(argv);
    command.input = input;
    command.stop = options.stop;
    command.environment = {{"MTOOLS_SKIP_CHECK", "1"}};
    run_tool(command);
}

std::uint64_t size_of(const fs::path& file) {
    return file.empty() ? 0 : fs::file_size(file);
}

std::string initrd_line(const boot_disk_content& content, const char* line) {
    return content.initrd.empty() ? "" : line;
}

/// The folders of the partition, with the menus for both kinds of firmware.
void write_menus(const boot_disk_content& content, const fs::path& folder) {
    for (const char* const name : {"EFI/BOOT", "loader/entries", "extlinux"})
        fs::create_directories(folder / name);
    fs::copy_file(content.efi_loader, folder / "EFI/BOOT/BOOTRISCV64.EFI");
    const auto write = [&](const char* name, const std::string& text) {
        write_file_atomically(folder / name, text);
    };
    write("loader/loader.conf", fmt::format("timeout {}\ndefault linux.conf\n", menu_seconds));
    write("loader/entries/linux.conf", loader_entry(content, "linux", ""));
    write("loader/entries/verbose.conf", loader_entry(content, "verbose", verbose));
    write("extlinux/extlinux.conf", extlinux_menu(content));
}

void make_disk(const boot_disk_content& content, const fs::path& disk, const fs::path& work,
               const build_options& options) {
    const auto partition =
        64 * mebibyte + (size_of(content.kernel) + size_of(content.initrd)) / mebibyte * mebibyte;
    write_file_atomically(disk, "");
    // The partition begins after one mebibyte; the last one holds the table's copy.
    fs::resize_file(disk, partition + 2 * mebibyte);
    const auto layout = work / "layout";
    write_file_atomically(
        layout,
        fmt::format("label: gpt\nlabel-id: {}\nstart={}, size={}, type=uefi, uuid={}, "
                    "attrs=LegacyBIOSBootable\n",
                    disk_id, mebibyte / sector_bytes, partition / sector_bytes, partition_id));
    run({"sfdisk", "--quiet", disk}, options, layout);
    run({"mkfs.fat", "-F", "32", "--invariant", "-i", volume_id, "-n", "BOOT", "--offset",
         std::to_string(mebibyte / sector_bytes), disk, std::to_string(partition / 1024)},
        options);
    const auto menus = work / "menus";
    write_menus(content, menus);
    const auto into = disk.string() + "@@1M";
    run({"mcopy", "-Q", "-m", "-s", "-i", into, menus / "EFI", menus / "loader", menus / "extlinux",
         "::"},
        options);
    run({"mcopy", "-Q", "-m", "-i", into, content.kernel, "::linux"}, options);
    if (!content.initrd.empty())
        run({"mcopy", "-Q", "-m", "-i", into, content.initrd, "::initrd"}, options);
}

void remove_all_but_the_newest(const fs::path& folder) {
    std::vector<fs::directory_entry> disks;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".raw") disks.push_back(entry);
    std::ranges::sort(disks, std::ranges::greater(),
                      [](const auto& entry) { return entry.last_write_time(); });
    for (std::size_t i = most_kept; i < disks.size(); ++i) fs::remove(disks[i]);
}

}  // namespace

std::string extlinux_menu(const boot_disk_content& content) {
    std::string menu = fmt::format("menu title qharness\nprompt 1\ntimeout {}\ndefault linux\n",
                                   menu_seconds * 10);
    for (const auto& [label, more] : {std::pair{"linux", ""}, std::pair{"verbose", verbose}})
        menu +=
            fmt::format("label {0}\n  menu label {0}\n  kernel /linux\n{1}  append {2}{3}\n", label,
                        initrd_line(content, "  initrd /initrd\n"), content.append, more);
    return menu;
}

std::string loader_entry(const boot_disk_content& content, const std::string& title,
                         const std::string& more_arguments) {
    return fmt::format("title {}\nlinux /linux\n{}options {}{}\n", title,
                       initrd_line(content, "initrd /initrd\n"), content.append, more_arguments);
}

fs::path find_boot_disk(const boot_disk_content& content, const fs::path& folder,
                        const build_options& options) {
    return with_context("cannot make a disk for firmware to boot from", [&] {
        std::string made_of = extlinux_menu(content);
        for (const auto& file : {content.kernel, content.initrd, content.efi_loader})
            if (!file.empty()) made_of += fingerprint_of_base(file);
        const auto disk = folder / (sha256_hex(made_of).substr(0, 16) + ".raw");
        const auto turn = lock_file(
            folder / "lock", [] {}, options.stop);
        if (!fs::exists(disk)) {
            const temporary_directory work(folder, "making");
            make_disk(content, work.path() / "disk", work.path(), options);
            fs::rename(work.path() / "disk", disk);
        }
        fs::last_write_time(disk, fs::file_time_type::clock::now());
        remove_all_but_the_newest(folder);
        return disk;
    });
}

}  // namespace qh
