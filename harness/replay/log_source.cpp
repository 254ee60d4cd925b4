#include "replay/log_source.hpp"

#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

constexpr std::size_t block_size = 256u << 10;

}  // namespace

struct log_source::implementation {
    archive_reader reader{archive_read_new()};
    std::string file;
    bool empty = false;
};

log_source::log_source(const std::filesystem::path& file)
    : self_(std::make_unique<implementation>()) {
    self_->file = file.string();
    auto* const reader = self_->reader.get();
    for (auto* const support : {archive_read_support_filter_gzip, archive_read_support_filter_zstd,
                                archive_read_support_filter_xz, archive_read_support_filter_bzip2,
                                archive_read_support_filter_lz4, archive_read_support_format_raw,
                                archive_read_support_format_empty})
        support(reader);
    const auto fail = [&] {
        throw usage_error("cannot read {}: {}", self_->file, archive_error_string(reader));
    };
    if (std::filesystem::is_directory(file)) throw usage_error("{} is a folder", self_->file);
    if (archive_read_open_filename(reader, file.c_str(), block_size) != ARCHIVE_OK) fail();
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader, &entry);
    if (status == ARCHIVE_EOF)
        self_->empty = true;
    else if (status < ARCHIVE_WARN)
        fail();
}

log_source::~log_source() = default;

bool log_source::next(std::string_view& block) {
    if (self_->empty || !problem_.empty()) return false;
    try {
        return next_block(self_->reader.get(), block, self_->file);
    } catch (const error& e) {
        problem_ = e.what();
        return false;
    }
}

std::string log_source::packing() const {
    auto* const reader = self_->reader.get();
    const bool packed = archive_filter_count(reader) > 1;
    return packed ? archive_filter_name(reader, 0) : "";
}

}  // namespace qh
