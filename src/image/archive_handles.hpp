// libarchive's handles, owned, and its errors as ours.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <string>

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
    throw infrastructure_error("{}: {}", what, message ? message : "unknown error");
}

}  // namespace qh
