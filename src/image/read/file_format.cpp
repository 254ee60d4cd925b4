#include "image/read/file_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/read/unpacked_stream.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using kind = file_format::kind;

/// All magic numbers stand within these.
constexpr std::uint64_t beginning_bytes = 66u << 10;

constexpr file_format formats[] = {
#include "image/read/file_formats.inc"
};

/// Kernels' names for them, and the programs that unpack them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> unpackers = {{
    {"gzip", "gzip -dc"},
    {"zstd", "zstd -dc"},
    {"xz", "xz -dc"},
    {"lz4", "lz4 -dc"},
    {"lzma", "xz --format=lzma -dc"},
    {"lzo", "lzop -dc"},
}};

const file_format* find_format(std::string_view beginning) {
    const auto* const found = std::ranges::find_if(formats, [&](const file_format& one) {
        return beginning.size() > one.magic_at &&
               beginning.substr(one.magic_at).starts_with(one.magic);
    });
    return found == std::end(formats) ? nullptr : found;
}

std::string beginning_of(const byte_source& file) {
    std::string bytes(std::min(beginning_bytes, file.size()), '\0');
    file.read(0, bytes);
    return bytes;
}

/// Nothing where it is not packed, or by what libarchive does not know.
std::string unpacked_beginning(const byte_source& file) {
    std::string bytes;
    try {
        unpacked_part part(file, 0);
        if (!part.is_compressed()) return {};
        for (std::string_view block; bytes.size() < beginning_bytes && part.next(block);)
            bytes += block;
    } catch (const error& e) {
        if (e.kind() != fault::usage) throw;
    }
    return bytes;
}

std::uint32_t little_endian(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// In the folder where the command is run.
std::string name_of_unpacked(const fs::path& path) {
    static constexpr std::array<std::string_view, 8> endings = {".gz",  ".xz",  ".zst",  ".zstd",
                                                                ".lz4", ".bz2", ".lzma", ".lzo"};
    const bool has_ending = std::ranges::count(endings, path.extension().string()) > 0;
    return has_ending ? path.stem().string() : path.filename().string() + ".unpacked";
}

}  // namespace

known_file::known_file(const byte_source& file)
    : beginning_(beginning_of(file)), outer_(find_format(beginning_)) {
    if (is(kind::packed)) inner_ = find_format(unpacked_beginning(file));
}

std::string known_file::what() const {
    if (!outer_) return {};
    if (!is(kind::packed)) return std::string(outer_->name);
    return fmt::format("{} packed with {}", inner_ ? inner_->name : "data", outer_->name);
}

std::string known_file::unpack_command(const fs::path& path) const {
    if (is(kind::zboot)) return zboot_command(path);
    if (!outer_ || outer_->unpack.empty()) return {};
    return fmt::format(fmt::runtime(outer_->unpack), shell_quote(printable(path.string())),
                       shell_quote(printable(name_of_unpacked(path))));
}

/// The header tells where the kernel lies in it, and how it is packed.
std::string known_file::zboot_command(const fs::path& path) const {
    constexpr std::size_t payload_at = 8, payload_size_at = 12, method_at = 24, header_bytes = 56;
    if (beginning_.size() < header_bytes) return {};
    const auto method = std::string_view(beginning_).substr(method_at);
    const auto* const unpacker = std::ranges::find_if(
        unpackers, [&](const auto& one) { return method.starts_with(one.first); });
    if (unpacker == unpackers.end()) return {};
    return fmt::format("tail -c +{} {} | head -c {} | {} > {}",
                       std::uint64_t{little_endian(beginning_, payload_at)} + 1,
                       shell_quote(printable(path.string())),
                       little_endian(beginning_, payload_size_at), unpacker->second,
                       shell_quote(printable(name_of_unpacked(path))));
}

known_file::u_boot_header known_file::u_boot() const {
    constexpr std::size_t type_at = 30, compression_at = 31, header_bytes = 64;
    if (!is(kind::u_boot_image) || beginning_.size() < header_bytes) return {};
    return {static_cast<unsigned char>(beginning_[type_at]),
            static_cast<unsigned char>(beginning_[compression_at])};
}

}  // namespace qh
