#include "image/read/compressed_end.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace qh {
namespace {

constexpr std::string_view xz_magic(
    "\xfd"
    "7zXZ\0",
    6);
constexpr std::size_t xz_footer_bytes = 12;
constexpr std::uint32_t zstd_magic = 0xfd2fb528, skippable_magic = 0x184d2a50;

std::uint32_t little_endian(std::string_view bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// Of xz and zip, bit by bit: for a few bytes now and then.
std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

class end_search {
  public:
    explicit end_search(const byte_source& file) : file_(file) {}

    std::uint64_t find(std::uint64_t begin) {
        auto end = begin;
        while (const auto next = after_one(end)) end = *next;
        return end == begin ? file_.size() : end;
    }

  private:
    /// Several streams or frames one after the other are one for whoever decompresses them.
    std::optional<std::uint64_t> after_one(std::uint64_t at) {
        if (bytes(at, xz_magic.size()) == xz_magic) return after_xz_stream(at);
        const auto magic = number(at, 4);
        if (magic == zstd_magic) return after_zstd_frame(at);
        if (magic && (*magic & ~0xfu) == skippable_magic)
            if (const auto size = number(at + 4, 4)) return within(at + 8 + *size);
        return std::nullopt;
    }

    /// The first place where a footer fits the stream's header: all sizes in between are optional.
    std::optional<std::uint64_t> after_xz_stream(std::uint64_t begin) {
        constexpr std::size_t window = 1u << 16;
        const auto flags = bytes(begin + xz_magic.size(), 2);
        for (auto at = begin + xz_footer_bytes; at < file_.size(); at += window) {
            const auto text =
                bytes(at, std::min<std::uint64_t>(window + xz_footer_bytes - 4, file_.size() - at));
            for (std::size_t i = 0; i + xz_footer_bytes <= text.size(); i += 4) {
                const auto footer = std::string_view(text).substr(i, xz_footer_bytes);
                if (footer.ends_with("YZ") && footer.substr(8, 2) == flags &&
                    little_endian(footer.substr(0, 4)) == crc32(footer.substr(4, 6)))
                    return at + i + xz_footer_bytes;
            }
        }
        return std::nullopt;
    }

    std::optional<std::uint64_t> after_zstd_frame(std::uint64_t begin) {
        const auto descriptor = number(begin + 4, 1);
        if (!descriptor) return std::nullopt;
        constexpr std::array<std::uint64_t, 4> dictionary_id = {0, 1, 2, 4};
        constexpr std::array<std::uint64_t, 4> content_size = {0, 2, 4, 8};
        const bool is_single_segment = *descriptor >> 5 & 1;
        const auto size_flag = *descriptor >> 6;
        auto at = begin + 5 + !is_single_segment + dictionary_id[*descriptor & 3] +
                  (size_flag == 0 ? is_single_segment : content_size[size_flag]);
        for (bool is_last = false; !is_last;) {
            const auto block = number(at, 3);
            if (!block) return std::nullopt;
            is_last = *block & 1;
            constexpr std::uint32_t repeated_byte = 1;
            at += 3 + ((*block >> 1 & 3) == repeated_byte ? 1 : *block >> 3);
        }
        return within(at + (*descriptor & 4 ? 4 : 0));
    }

    std::optional<std::uint64_t> within(std::uint64_t end) const {
        return end <= file_.size() ? std::optional(end) : std::nullopt;
    }

    std::optional<std::uint32_t> number(std::uint64_t at, std::size_t size) const {
        const auto raw = bytes(at, size);
        return raw.size() == size ? std::optional(little_endian(raw)) : std::nullopt;
    }

    /// Fewer, or none, where the file ends.
    std::string bytes(std::uint64_t at, std::uint64_t size) const {
        if (at >= file_.size()) return {};
        std::string text(std::min(size, file_.size() - at), '\0');
        file_.read(at, text);
        return text;
    }

    const byte_source& file_;
};

}  // namespace

std::uint64_t compressed_end(const byte_source& file, std::uint64_t begin) {
    return end_search(file).find(begin);
}

}  // namespace qh
