// Where compressed data ends in a file that goes on with something else.
#pragma once

#include <cstdint>

#include "base/byte_source.hpp"

namespace qh {

/// The end of the xz or zstd data that begins at `begin`; the file's end for all other kinds and
/// for data that is broken. The kernel takes an initramfs of several archives, each compressed in
/// its own way; libarchive knows by itself where gzip's data end, but takes whatever follows xz's
/// and zstd's for a part of them and fails. Sources: The .xz File Format 1.2.1, chapter 2; RFC
/// 8878, chapter 3.
std::uint64_t compressed_end(const byte_source& file, std::uint64_t begin);

}  // namespace qh
