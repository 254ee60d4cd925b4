// Disks with partitions, as MBR and GPT describe them.
#pragma once

#include <cstdint>

#include "base/byte_source.hpp"

namespace qh {

struct partition {
    unsigned number = 0;                ///< as Linux counts them, from 1
    std::uint64_t begin = 0, size = 0;  ///< in bytes
};

/// Whether an ext2, ext3 or ext4 filesystem begins at byte `begin`.
bool is_ext_filesystem(const byte_source& disk, std::uint64_t begin);

/// Whether the disk begins as one with partitions does.
bool has_partitions(const byte_source& disk);

/// The only partition with an ext2, ext3 or ext4 filesystem; of an MBR the four primary ones are
/// looked at. Sectors have 512 bytes. Sources: UEFI Specification 2.10, chapter 5. Throws a usage
/// error that says what to do where there is none or are several.
partition only_ext_partition(const byte_source& disk);

}  // namespace qh
