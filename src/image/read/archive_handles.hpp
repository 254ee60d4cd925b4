// libarchive's handles, owned, and its errors as ours.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qh {

struct archive_reader_deleter {
    void operator()(archive* handle) const { archive_read_free(handle); }
};
struct archive_writer_deleter {
    void operator()(archive* handle) const { archive_write_free(handle); }
};
struct archive_entry_deleter {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using archive_reader = std::unique_ptr<archive, archive_reader_deleter>;
using archive_writer = std::unique_ptr<archive, archive_writer_deleter>;
using archive_entry_handle = std::unique_ptr<archive_entry, archive_entry_deleter>;

/// Throws an infrastructure error with libarchive's own words where `status` is a failure.
inline void check_archive(int status, archive* handle, const std::string& what) {
    if (status >= ARCHIVE_WARN) return;
    const char* const message = archive_error_string(handle);
    throw infrastructure_error("{}: {}", what, message ? message : "it is cut or broken");
}

/// Reads the next member's header into `entry`; false at the end. Throws as check_archive.
inline bool next_member(archive* reader, archive_entry** entry, const std::string& what) {
    const int status = archive_read_next_header(reader, entry);
    if (status == ARCHIVE_EOF) return false;
    check_archive(status, reader, what);
    return true;
}

/// A part of a member's content, valid until the next is read.
struct archive_block {
    std::string_view bytes;
    std::uint64_t offset = 0;  ///< in the content, which may have holes
};

/// Reads the next part; false at the end. Throws as check_archive.
inline bool next_block(archive* reader, archive_block& block, const std::string& what) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(reader, &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) return false;
    check_archive(status, reader, what);
    if (offset < 0) throw infrastructure_error("{}: content before its beginning", what);
    block = {{static_cast<const char*>(bytes), size}, static_cast<std::uint64_t>(offset)};
    return true;
}

/// The same where holes do not matter.
inline bool next_block(archive* reader, std::string_view& bytes, const std::string& what) {
    archive_block block;
    if (!next_block(reader, block, what)) return false;
    bytes = block.bytes;
    return true;
}

/// The member's path. libarchive gives none where the locale cannot express it, so UTF-8 is next.
inline std::string member_name(archive_entry* entry) {
    for (const char* const name :
         {archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)})
        if (name) return name;
    throw infrastructure_error("has a member without a usable name");
}

}  // namespace qh
