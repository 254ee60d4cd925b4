#include "riscv/vector_code.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "riscv/instruction_extension.hpp"

namespace qh {
namespace {

struct encoding {
    std::uint32_t mask, match;
};

constexpr encoding base[] = {
#include "riscv/instructions/base.inc"
};

constexpr std::size_t window_bytes = 1u << 18;
/// What must be seen around a candidate to judge it.
constexpr std::size_t context_bytes = 128;
constexpr std::size_t steps_before = 20, steps_behind = 8;
/// How far, and behind how many of them, extensions are looked up.
constexpr std::size_t followed_steps = 64, most_followed = 2000;

/// A piece of code with what is around it, as far as it is code too.
struct window {
    std::string_view bytes;
    bool from_start, to_end;  ///< whether it begins and ends where the code does

    std::uint16_t half(std::size_t at) const {
        std::uint16_t value;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        return value;
    }
    std::uint32_t word(std::size_t at) const {
        const std::uint32_t low = half(at);
        return at + 4 <= bytes.size() ? low | std::uint32_t{half(at + 2)} << 16 : low;
    }
};

std::size_t length_of(std::uint16_t half) {
    return (half & 3) == 3 ? 4 : 2;
}

bool is_instruction(std::uint32_t word) {
    // Neither of the encodings beyond 32 bits is in use.
    if ((word & 0x1f) == 0x1f) return false;
    if (std::ranges::any_of(base, [&](const auto& one) { return (word & one.mask) == one.match; }))
        return true;
    const auto found = find_instruction(word);
    return found && !found->extensions.empty();
}

/// Whether the word, of which half is known to fit, sets a vector type that is not reserved:
/// manual chapter "V", sections vtype and Configuration-Setting Instructions.
bool sets_vector_length(std::uint32_t word) {
    const bool is_vsetvl = (word & 0xfe00707f) == 0x80007057;
    const bool is_vsetvli = (word & 0x8000707f) == 0x00007057;
    const bool is_vsetivli = (word & 0xc000707f) == 0xc0007057;
    if (is_vsetvl) return true;
    if (!is_vsetvli && !is_vsetivli) return false;
    const auto vtype = word >> 20 & (is_vsetvli ? 0x7ff : 0x3ff);
    const auto lmul = vtype & 7, sew = vtype >> 3 & 7;
    return vtype >> 8 == 0 && lmul != 4 && sew <= 3;
}

/// Whether a stream of instructions leads from `start` to `at`, its last steps all valid.
bool leads_to(const window& code, std::size_t start, std::size_t at) {
    std::size_t valid = 0;
    bool is_start = code.from_start && start == 0;
    while (start < at) {
        const auto word = code.word(start);
        // A stop that is illegal everywhere also stands between functions, as padding.
        if ((word & 0xffff) == 0) is_start = true;
        const bool stops = (word & 0xffff) == 0 || !is_instruction(word);
        if (stops && (word & 0xffff) != 0) is_start = false;
        valid = stops ? 0 : valid + 1;
        start += length_of(code.half(start));
    }
    return start == at && (valid >= steps_before || is_start);
}

bool goes_on(const window& code, std::size_t at) {
    for (std::size_t steps = 0; steps < steps_behind; ++steps) {
        if (at >= code.bytes.size()) return code.to_end;
        if (!is_instruction(code.word(at))) return false;
        at += length_of(code.half(at));
    }
    return true;
}

bool is_among_code(const window& code, std::size_t at) {
    const auto far = at > context_bytes ? at - context_bytes : at % 2;
    return (leads_to(code, far, at) || (far + 2 <= at && leads_to(code, far + 2, at))) &&
           goes_on(code, at + 4);
}

void add_extensions(const window& code, std::size_t at, extension_set& extensions) {
    for (std::size_t steps = 0; steps < followed_steps && at + 4 <= code.bytes.size(); ++steps) {
        const auto word = code.word(at);
        const auto found = find_instruction(word);
        if (found && !found->extensions.empty()) {
            const auto name = found->extensions.front();
            if (name == "v" || name.starts_with("zv")) extensions.emplace(name);
        } else if (!is_instruction(word)) {
            return;
        }
        at += length_of(code.half(at));
    }
}

/// Offsets in [begin, end) whose half of an instruction a vset* has: its opcode and funct3.
template <typename Visit>
void for_each_candidate(const window& code, std::size_t begin, std::size_t end, Visit visit) {
    constexpr std::size_t block = 64;
    for (auto at = begin; at < end;) {
        const auto stop = std::min(at + block, end);
        bool any = false;
        for (auto i = at; i < stop; i += 2) any |= (code.half(i) & 0x707f) == 0x7057;
        for (auto i = at; any && i < stop; i += 2)
            if ((code.half(i) & 0x707f) == 0x7057) visit(i);
        at = stop;
    }
}

class vector_search {
  public:
    explicit vector_search(const byte_source& file) : file_(file) {}

    void look_through(const file_range& range) {
        // Instructions begin at even addresses, and code at even offsets.
        const auto begin = range.begin + range.begin % 2;
        for (auto at = begin; at + 4 <= range.end; at += window_bytes) {
            const auto from = at - std::min<std::uint64_t>(at - begin, context_bytes);
            const auto to = std::min(range.end, at + window_bytes + 2 * context_bytes);
            buffer_.resize((to - from) & ~std::uint64_t{1});
            file_.read(from, buffer_);
            const window code{{buffer_.data(), buffer_.size()}, from == begin, to == range.end};
            const auto end = std::min<std::size_t>(at - from + window_bytes, buffer_.size() - 2);
            for_each_candidate(code, at - from, end,
                               [&](std::size_t i) { consider(code, i, from + i); });
        }
    }

    std::optional<vector_use> result() && {
        return use_.count > 0 ? std::optional(std::move(use_)) : std::nullopt;
    }

  private:
    void consider(const window& code, std::size_t at, std::uint64_t offset) {
        if (at + 4 > code.bytes.size() || !sets_vector_length(code.word(at)) ||
            !is_among_code(code, at))
            return;
        if (use_.count++ == 0) use_.first_offset = offset;
        if (use_.count <= most_followed) add_extensions(code, at, use_.extensions);
    }

    const byte_source& file_;
    std::vector<char> buffer_;
    vector_use use_;
};

}  // namespace

std::optional<vector_use> find_vector_code(const byte_source& file,
                                           const std::vector<file_range>& code) {
    vector_search search(file);
    for (const auto& range : code) search.look_through(range);
    return std::move(search).result();
}

}  // namespace qh
