// Bytes packed by a compressor of libarchive's.
#pragma once

#include <string>
#include <string_view>

#include "image/read/archive_handles.hpp"

namespace qh::test {

inline std::string packed(std::string_view bytes, int (*add_filter)(archive*)) {
    const archive_writer writer(archive_write_new());
    archive_write_set_format_raw(writer.get());
    add_filter(writer.get());
    archive_write_set_bytes_per_block(writer.get(), 0);
    std::string out(bytes.size() + (1u << 20), '\0');
    std::size_t used = 0;
    archive_write_open_memory(writer.get(), out.data(), out.size(), &used);
    const archive_entry_handle entry(archive_entry_new());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_write_header(writer.get(), entry.get());
    archive_write_data(writer.get(), bytes.data(), bytes.size());
    archive_write_close(writer.get());
    out.resize(used);
    return out;
}

inline std::string gz(std::string_view bytes) {
    return packed(bytes, archive_write_add_filter_gzip);
}
inline std::string xz(std::string_view bytes) {
    return packed(bytes, archive_write_add_filter_xz);
}
inline std::string zst(std::string_view bytes) {
    return packed(bytes, archive_write_add_filter_zstd);
}

}  // namespace qh::test
