// The decompressed bytes of archives that follow one another in a file.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/text.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {

/// What libarchive says against an archive is the file's fault, not the host's.
template <typename Work>
decltype(auto) blaming_the_file(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const error& e) {
        throw usage_error("{}", printable(e.what()));
    }
}

/// What a part of the file is decompressed to: the part up to where its compressed data end, or
/// the whole rest where they are not compressed. Throws a usage error for what cannot be unpacked.
class unpacked_part {
  public:
    unpacked_part(const byte_source& file, std::uint64_t begin);

    bool is_compressed() const;
    std::string filter() const;  ///< "gzip"

    /// False at the end. The block is valid until the next call.
    bool next(std::string_view& block);

    /// Where the compressed data ended that were read.
    std::uint64_t raw_end() const;

  private:
    static la_ssize_t read_raw(archive* reader, void* self, const void** block);

    const byte_source& file_;
    std::uint64_t at_, begin_, end_;
    std::vector<char> buffer_;
    archive_reader reader_{archive_read_new()};
    bool has_data_ = false;
};

/// A part's bytes, of which an archive takes as many as it needs and leaves the rest to the next
/// one. `total` counts the bytes of all parts; more than `most` are a usage error.
class unpacked_stream {
  public:
    unpacked_stream(unpacked_part& part, std::uint64_t& total, std::uint64_t most)
        : part_(part), total_(total), most_(most) {}

    /// How many bytes were taken.
    std::uint64_t position() const { return given_ - rest().size(); }

    /// False where nothing but zeros follows: they pad archives.
    bool skip_zeros();

    bool starts_with(std::string_view text);

    /// Lets `reader` read from here on.
    void open(archive* reader);

    /// Runs `work`, which has the reader read a member's header. It keeps a header in memory as
    /// long as the header says that it is; one that is too long is a usage error.
    template <typename Work>
    decltype(auto) within_a_header(Work&& work) {
        struct end {
            std::uint64_t& most;
            ~end() { most = std::numeric_limits<std::uint64_t>::max(); }
        } const at_the_end{most_given_};
        most_given_ = given_ + longest_header;
        return std::forward<Work>(work)();
    }

    /// To be called before `reader` goes: what it has read but not used is the next one's.
    void close();

  private:
    static constexpr std::uint64_t longest_header = 16u << 20;

    std::string_view rest() const { return std::string_view(window_).substr(taken_); }
    bool fetch();
    void take_used();
    static la_ssize_t give(archive* reader, void* self, const void** block);

    unpacked_part& part_;
    std::uint64_t& total_;
    std::uint64_t most_;
    std::string window_;       ///< what was fetched and not yet forgotten
    std::size_t taken_ = 0;    ///< of the window
    std::uint64_t given_ = 0;  ///< bytes fetched in all
    std::uint64_t most_given_ = std::numeric_limits<std::uint64_t>::max();
    archive* reader_ = nullptr;
    std::uint64_t base_ = 0;  ///< where the reader began
    bool is_first_ = false;
};

}  // namespace qh
