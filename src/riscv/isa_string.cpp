#include "riscv/isa_string.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"
#include "riscv/extension_version.hpp"

namespace qh {
namespace {

/// Toolchains write hundreds of characters at most.
constexpr std::size_t longest_string = 4096;
constexpr std::size_t most_version_digits = 5;

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class isa_reader {
  public:
    explicit isa_reader(std::string_view text) {
        if (text.size() > longest_string)
            throw usage_error("an ISA string of {} characters", text.size());
        for (const char c : text) text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }

    isa_string read() {
        read_base();
        while (at_ < text_.size()) {
            const bool apart = text_[at_] == '_';
            at_ += apart;
            if (at_ == text_.size()) fail("ends with an underscore");
            if (!is_letter(text_[at_])) fail("expected an extension's name");
            if (starts_long_name())
                add(read_long_name(apart));
            else
                add(read_letter());
        }
        return std::move(read_);
    }

  private:
    [[noreturn]] void fail(std::string_view what) const {
        throw usage_error("ISA string \"{}\", character {}: {}", printable(text_), at_ + 1, what);
    }

    void read_base() {
        for (const unsigned xlen : {32, 64, 128})
            if (text_.starts_with(fmt::format("rv{}", xlen))) read_.xlen = xlen;
        if (read_.xlen == 0) fail("expected rv32, rv64 or rv128");
        at_ = read_.xlen == 128 ? 5 : 4;
        constexpr std::string_view bases = "ieg";
        if (at_ == text_.size() || bases.find(text_[at_]) == bases.npos)
            fail("expected the base i, e or g");
        add(read_letter());
    }

    bool starts_long_name() const {
        constexpr std::string_view beginnings = "zsx";
        return beginnings.find(text_[at_]) != beginnings.npos;
    }

    isa_string::part read_letter() {
        isa_string::part part{{text_[at_++]}, {}, {}};
        part.major = read_number();
        // A "p" without digits is the extension of that name.
        if (part.major && at_ + 1 < text_.size() && text_[at_] == 'p' && is_digit(text_[at_ + 1])) {
            ++at_;
            part.minor = read_number();
        }
        return part;
    }

    std::optional<unsigned> read_number() {
        const auto begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        if (begin == at_) return std::nullopt;
        return number(std::string_view(text_).substr(begin, at_ - begin));
    }

    unsigned number(std::string_view digits) const {
        if (digits.size() > most_version_digits) fail("a version with too many digits");
        unsigned value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }

    /// Names may hold digits ("zvl128b"), but end with a letter; what follows is the version.
    isa_string::part read_long_name(bool apart) {
        if (!apart && read_.parts.back().name.size() > 1) fail("expected an underscore");
        const auto end = std::min(text_.find('_', at_), text_.size());
        const auto word = std::string_view(text_).substr(at_, end - at_);
        if (!std::ranges::all_of(word, [](char c) { return is_letter(c) || is_digit(c); }))
            fail("an extension's name has letters and digits only");
        auto part = read_version(word);
        if (part.name.size() < 2) fail("an extension's name is too short");
        at_ = end;
        return part;
    }

    isa_string::part read_version(std::string_view word) const {
        const auto without_digits = [](std::string_view text) {
            while (!text.empty() && is_digit(text.back())) text.remove_suffix(1);
            return text;
        };
        const auto head = without_digits(word);
        if (head.size() == word.size() || is_address_mode(word)) return {std::string(word), {}, {}};
        const auto last = number(word.substr(head.size()));
        if (head.size() > 1 && head.back() == 'p' && is_digit(head[head.size() - 2])) {
            const auto digits = head.substr(0, head.size() - 1);
            const auto name = without_digits(digits);
            return {std::string(name), number(digits.substr(name.size())), last};
        }
        return {std::string(head), last, {}};
    }

    /// The names that do end with digits.
    static bool is_address_mode(std::string_view word) {
        constexpr std::array<std::string_view, 4> names = {"sv32", "sv39", "sv48", "sv57"};
        return std::ranges::find(names, word) != names.end();
    }

    void add(isa_string::part part) {
        if (std::ranges::find(read_.parts, part.name, &isa_string::part::name) != read_.parts.end())
            fail(fmt::format("{} stands there twice", part.name));
        read_.parts.push_back(std::move(part));
    }

    std::string text_;
    std::size_t at_ = 0;
    isa_string read_;
};

enum kind { plain, shorthand, passive };

struct extension_rule {
    std::string_view name, implies;
    enum kind kind;
};

constexpr extension_rule rules[] = {
#include "riscv/implied_extensions.inc"
};

const extension_rule* find_rule(std::string_view name) {
    const auto* const found = std::ranges::find(rules, name, &extension_rule::name);
    return found == std::end(rules) ? nullptr : found;
}

/// The lengths of vector registers in bits that have a Zvl*, and their names.
constexpr std::array<std::string_view, 12> lengths = {
    "zvl32b",   "zvl64b",   "zvl128b",  "zvl256b",   "zvl512b",   "zvl1024b",
    "zvl2048b", "zvl4096b", "zvl8192b", "zvl16384b", "zvl32768b", "zvl65536b"};

}  // namespace

std::optional<unsigned> vector_register_bits(std::string_view name) {
    constexpr std::string_view before = "zvl", after = "b";
    if (!name.starts_with(before) || !name.ends_with(after) ||
        name.size() <= before.size() + after.size())
        return std::nullopt;
    const char* const begin = name.data() + before.size();
    const char* const end = name.data() + name.size() - after.size();
    unsigned bits = 0;
    const auto read = std::from_chars(begin, end, bits);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return bits;
}

extension_set isa_string::names() const {
    extension_set names;
    for (const auto& part : parts) {
        auto name = versioned_name(part);
        // A draft's registers are as long as they are; that the draft is needed is what counts.
        if (name == part.name || !vector_register_bits(part.name)) names.insert(std::move(name));
    }
    return names;
}

isa_string parse_isa_string(std::string_view text) {
    return isa_reader(text).read();
}

std::vector<std::string_view> implied_by(std::string_view name) {
    if (const auto* const length = std::ranges::find(lengths, name); length != lengths.end())
        return length == lengths.begin() ? std::vector<std::string_view>()
                                         : std::vector{*(length - 1)};
    std::vector<std::string_view> names;
    const auto* const rule = find_rule(name);
    for (auto rest = rule ? rule->implies : std::string_view(); !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        names.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return names;
}

extension_set with_implied(const extension_set& names) {
    extension_set all = names;
    std::vector<std::string> open(names.begin(), names.end());
    while (!open.empty()) {
        const auto name = std::move(open.back());
        open.pop_back();
        for (const auto implied : implied_by(name))
            if (const auto [added, is_new] = all.emplace(implied); is_new) open.push_back(*added);
    }
    if (all.contains("c") && all.contains("d")) all.emplace("zcd");
    return all;
}

bool is_shorthand(std::string_view name) {
    const auto* const rule = find_rule(name);
    return rule && rule->kind == shorthand;
}

bool is_passive(std::string_view name) {
    const auto* const rule = find_rule(name);
    return (rule && rule->kind == passive) || (name.starts_with('s') && name.size() > 1);
}

}  // namespace qh
