#include "image/read/partitions.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::uint64_t sector = 512;
constexpr std::uint32_t most_partitions = 128;

/// Zeros where the disk ends before.
std::string bytes_at(const byte_source& disk, std::uint64_t at, std::size_t size) {
    std::string bytes(size, '\0');
    if (at < disk.size())
        disk.read(at, {bytes.data(),
                       static_cast<std::size_t>(std::min<std::uint64_t>(size, disk.size() - at))});
    return bytes;
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

bool is_gpt(std::string_view header) {
    return header.starts_with("EFI PART");
}

std::vector<partition> gpt_partitions(const byte_source& disk, std::string_view header) {
    constexpr std::size_t first_entry_at = 72, count_at = 80, entry_bytes_at = 84;
    constexpr std::uint64_t least_entry_bytes = 128, most_entry_bytes = 4096;
    const auto first = number_at(header, first_entry_at, 8);
    const auto count = std::min<std::uint64_t>(number_at(header, count_at, 4), most_partitions);
    const auto entry_bytes = number_at(header, entry_bytes_at, 4);
    if (entry_bytes < least_entry_bytes || entry_bytes > most_entry_bytes ||
        first > disk.size() / sector)
        throw usage_error("its partition table is broken");
    std::vector<partition> found;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto entry = bytes_at(disk, first * sector + i * entry_bytes, least_entry_bytes);
        const auto begin = number_at(entry, 32, 8), last = number_at(entry, 40, 8);
        if (begin == 0 || last < begin || begin > disk.size() / sector) continue;
        const auto end = std::min(last, disk.size() / sector) + 1;
        found.push_back({static_cast<unsigned>(i + 1), begin * sector, (end - begin) * sector});
    }
    return found;
}

std::vector<partition> mbr_partitions(std::string_view record) {
    constexpr std::size_t table_at = 446, entry_bytes = 16, entries = 4;
    std::vector<partition> found;
    for (unsigned i = 0; i < entries; ++i) {
        const auto at = table_at + i * entry_bytes;
        const auto begin = number_at(record, at + 8, 4), size = number_at(record, at + 12, 4);
        if (begin > 0 && size > 0) found.push_back({i + 1, begin * sector, size * sector});
    }
    return found;
}

}  // namespace

bool is_ext_filesystem(const byte_source& disk, std::uint64_t begin) {
    constexpr std::uint64_t magic_at = 1024 + 0x38;
    return bytes_at(disk, begin + magic_at, 2) == "\x53\xef";
}

bool has_partitions(const byte_source& disk) {
    const auto beginning = bytes_at(disk, 0, 2 * sector);
    return beginning.substr(sector - 2, 2) == "\x55\xaa" || is_gpt(beginning.substr(sector));
}

partition only_ext_partition(const byte_source& disk) {
    const auto beginning = bytes_at(disk, 0, 2 * sector);
    const auto header = std::string_view(beginning).substr(sector);
    auto found = is_gpt(header) ? gpt_partitions(disk, header) : mbr_partitions(beginning);
    std::erase_if(found, [&](const partition& one) { return !is_ext_filesystem(disk, one.begin); });
    if (found.empty())
        throw usage_error(
            "it holds no ext2, ext3 or ext4 filesystem, nor has it a partition that does");
    if (found.size() == 1) return found[0];
    std::string commands;
    for (const auto& one : found)
        commands += fmt::format("\n  dd if=DISK of=partition{} bs={} skip={} count={}", one.number,
                                sector, one.begin / sector, one.size / sector);
    throw usage_error("it has {} partitions with filesystems; give the one that is meant:{}",
                      found.size(), commands);
}

}  // namespace qh
