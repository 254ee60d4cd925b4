#include "image/read/unpacked_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/units.hpp"
#include "image/read/compressed_end.hpp"

namespace qh {
namespace {

constexpr std::size_t block_bytes = 1u << 18;
constexpr const char* cannot_unpack = "cannot unpack it";

}  // namespace

unpacked_part::unpacked_part(const byte_source& file, std::uint64_t begin)
    : file_(file), at_(begin), begin_(begin), end_(compressed_end(file, begin)) {
    for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
                               archive_read_support_filter_xz, archive_read_support_filter_lzma,
                               archive_read_support_filter_zstd, archive_read_support_filter_lz4,
                               archive_read_support_format_raw, archive_read_support_format_empty})
        support(reader_.get());
    blaming_the_file([&] {
        check_archive(archive_read_open(reader_.get(), this, nullptr, read_raw, nullptr),
                      reader_.get(), cannot_unpack);
        archive_entry* whole = nullptr;
        has_data_ = next_member(reader_.get(), &whole, cannot_unpack);
    });
}

bool unpacked_part::is_compressed() const {
    return archive_filter_code(reader_.get(), 0) != ARCHIVE_FILTER_NONE;
}

std::string unpacked_part::filter() const {
    return archive_filter_name(reader_.get(), 0);
}

bool unpacked_part::next(std::string_view& block) {
    return has_data_ &&
           blaming_the_file([&] { return next_block(reader_.get(), block, cannot_unpack); });
}

std::uint64_t unpacked_part::raw_end() const {
    return begin_ + static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
}

la_ssize_t unpacked_part::read_raw(archive* reader, void* self, const void** block) {
    auto& part = *static_cast<unpacked_part*>(self);
    part.buffer_.resize(std::min<std::uint64_t>(block_bytes, part.end_ - part.at_));
    try {
        part.file_.read(part.at_, part.buffer_);
    } catch (const error& e) {
        archive_set_error(reader, EIO, "%s", e.what());
        return -1;
    }
    part.at_ += part.buffer_.size();
    *block = part.buffer_.data();
    return static_cast<la_ssize_t>(part.buffer_.size());
}

bool unpacked_stream::skip_zeros() {
    for (;;) {
        taken_ += std::min(rest().find_first_not_of('\0'), rest().size());
        if (!rest().empty()) return true;
        if (!fetch()) return false;
    }
}

bool unpacked_stream::starts_with(std::string_view text) {
    while (rest().size() < text.size() && fetch()) {
    }
    return rest().starts_with(text);
}

void unpacked_stream::open(archive* reader) {
    reader_ = reader;
    base_ = position();
    is_first_ = true;
    blaming_the_file([&] {
        check_archive(archive_read_open(reader, this, nullptr, give, nullptr), reader,
                      "it is no archive");
    });
}

void unpacked_stream::close() {
    take_used();
    reader_ = nullptr;
}

bool unpacked_stream::fetch() {
    std::string_view block;
    if (!part_.next(block)) return false;
    total_ += block.size();
    if (total_ > most_) throw usage_error("unpacked it has more than {}", format_size(most_));
    window_.erase(0, std::exchange(taken_, 0));
    window_ += block;
    given_ += block.size();
    return true;
}

void unpacked_stream::take_used() {
    const auto used = base_ + static_cast<std::uint64_t>(archive_filter_bytes(reader_, 0));
    taken_ += used - position();
}

/// What the reader was given before and has not used stays in the window, but is not given again.
la_ssize_t unpacked_stream::give(archive* reader, void* self, const void** block) {
    auto& stream = *static_cast<unpacked_stream*>(self);
    try {
        std::size_t before = 0;
        if (!std::exchange(stream.is_first_, false) || stream.rest().empty()) {
            stream.take_used();
            before = stream.rest().size();
            if (stream.given_ > stream.most_given_)
                throw usage_error("the member's header is longer than {}",
                                  format_size(longest_header));
            if (!stream.fetch()) return 0;
        }
        const auto fresh = stream.rest().substr(before);
        *block = fresh.data();
        return static_cast<la_ssize_t>(fresh.size());
    } catch (const error& e) {
        archive_set_error(reader, EINVAL, "%s", e.what());
        return -1;
    }
}

}  // namespace qh
