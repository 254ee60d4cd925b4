// The ELF files in one file of a tree: it is one, an archive of objects, a compressed module.
#pragma once

#include <string>
#include <string_view>

#include "image/read/tree_reader.hpp"

namespace qh {

/// That many bytes tell what a file is.
inline constexpr std::size_t told_by_bytes = 8;

/// Whether a file of this path that begins so is an ELF file or may have some in it, as far as
/// `limits` wants to know.
bool may_hold_programs(std::string_view path, std::string_view beginning,
                       const tree_limits& limits);

/// Tells `visit` of the file at `path`, and of those in it: an object in a library's archive has
/// the path "lib/libc.a(exit.o)", a kernel module "ext4.ko.xz(ext4.ko)". Returns what of it cannot
/// be read, or nothing. Source of the archive's format: ar(5).
std::string visit_programs(const std::string& path, const byte_source& content,
                           const tree_visitor& visit);

}  // namespace qh
