#include "riscv/attributes.hpp"

#include "base/error.hpp"

namespace qh {
namespace {

enum tag : std::uint64_t { stack_align = 4, arch = 5, unaligned_access = 6 };
constexpr std::uint64_t whole_file = 1;

/// Takes values off the front of a piece of the section.
class piece_reader {
  public:
    explicit piece_reader(std::string_view bytes) : bytes_(bytes) {}

    bool empty() const { return bytes_.empty(); }

    std::uint32_t word() {
        const auto raw = take(4);
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
        return value;
    }

    /// ULEB128, as DWARF has it.
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            if (shift > 56) throw usage_error("a number of more than 63 bits");
            value |= std::uint64_t{byte & 0x7fu} << shift;
            if (!(byte & 0x80)) return value;
        }
    }

    std::string_view text() {
        const auto end = bytes_.find('\0');
        if (end == bytes_.npos) throw usage_error("a text without an end");
        const auto text = take(end);
        take(1);
        return text;
    }

    /// A piece with its own length in front, of which `before` bytes are read already.
    piece_reader piece(std::size_t before) {
        const auto length = word();
        if (length < before + 4) throw usage_error("a piece of {} bytes", length);
        return piece_reader(take(length - before - 4));
    }

  private:
    std::string_view take(std::size_t size) {
        if (size > bytes_.size()) throw usage_error("it ends too early");
        const auto taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }

    std::string_view bytes_;
};

/// Tags that are odd have a text, the others a number.
void read_attribute(piece_reader& piece, riscv_attributes& found) {
    const auto tag = piece.number();
    if (tag % 2 == 1) {
        const auto text = piece.text();
        if (tag == tag::arch) found.arch = text;
        return;
    }
    const auto value = piece.number();
    if (tag == tag::stack_align) found.stack_align_bytes = value;
    if (tag == tag::unaligned_access) found.unaligned_access = value == 1;
}

void read_vendor(piece_reader vendor, riscv_attributes& found) {
    if (vendor.text() != "riscv") return;
    while (!vendor.empty()) {
        const auto scope = vendor.number();
        // The tag was one byte: scopes are 1 to 3.
        auto attributes = vendor.piece(1);
        if (scope != whole_file) continue;
        while (!attributes.empty()) read_attribute(attributes, found);
    }
}

}  // namespace

riscv_attributes read_riscv_attributes(std::string_view section) {
    return with_context(".riscv.attributes", [&] {
        riscv_attributes found;
        if (!section.starts_with('A')) throw usage_error("it does not begin with format A");
        piece_reader reader(section.substr(1));
        while (!reader.empty()) read_vendor(reader.piece(0), found);
        return found;
    });
}

}  // namespace qh
