#include "riscv/runtime_choice.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string_view>

namespace qh {
namespace {

constexpr std::uint64_t most_symbol_bytes = 64u << 20, most_name_bytes = 256u << 20;
constexpr std::size_t longest_name = 32;

// The last two are a kernel module's.
constexpr std::array<std::string_view, 6> questions = {"__riscv_hwprobe",
                                                       "getauxval",
                                                       "__getauxval",
                                                       "elf_aux_info",
                                                       "__riscv_isa_extension_available",
                                                       "kernel_vector_begin"};
constexpr std::array<std::string_view, 4> jumps = {"__sigsetjmp", "sigsetjmp", "_setjmp", "setjmp"};
constexpr std::array<std::string_view, 2> handlers = {"signal", "sigaction"};

struct symbol_use {
    std::set<std::string, std::less<>> imports;
    bool has_ifunc = false;

    template <typename Names>
    std::string_view one_of(const Names& names) const {
        const auto found =
            std::ranges::find_if(names, [&](auto name) { return imports.contains(name); });
        return found == names.end() ? std::string_view() : *found;
    }
};

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The imports that matter.
class symbol_reader {
  public:
    symbol_reader(const byte_source& source, const symbol_tables& tables)
        : source_(source), tables_(tables) {}

    symbol_use read() {
        const auto& [begin, end] = tables_.symbols;
        if (end - begin > most_symbol_bytes ||
            tables_.names.end - tables_.names.begin > most_name_bytes)
            return {};
        std::vector<char> bytes;
        constexpr std::uint64_t together = 4096 * sizeof(Elf64_Sym);
        for (auto at = begin; at + sizeof(Elf64_Sym) <= end; at += together) {
            bytes.resize(std::min(together, end - at));
            source_.read(at, bytes);
            for (std::size_t i = 0; i + sizeof(Elf64_Sym) <= bytes.size(); i += sizeof(Elf64_Sym)) {
                Elf64_Sym symbol;
                std::memcpy(&symbol, bytes.data() + i, sizeof symbol);
                take(symbol);
            }
        }
        return std::move(use_);
    }

  private:
    void take(const Elf64_Sym& symbol) {
        if (symbol.st_shndx != SHN_UNDEF) {
            use_.has_ifunc |= ELF64_ST_TYPE(symbol.st_info) == STT_GNU_IFUNC;
            return;
        }
        auto name = name_at(symbol.st_name);
        if (is_one_of(questions, name) || is_one_of(jumps, name) || is_one_of(handlers, name))
            use_.imports.insert(std::move(name));
    }

    std::string name_at(std::uint64_t offset) const {
        const auto size = tables_.names.end - tables_.names.begin;
        if (offset >= size) return {};
        std::string name(std::min<std::uint64_t>(longest_name, size - offset), '\0');
        source_.read(tables_.names.begin + offset, name);
        name.resize(std::min(name.find('\0'), name.size()));
        return name;
    }

    const byte_source& source_;
    const symbol_tables& tables_;
    symbol_use use_;
};

}  // namespace

std::string find_runtime_choice(const byte_source& source, const elf_file& file) {
    if (!file.dynamic || file.xlen != 64) return {};
    const auto use = symbol_reader(source, *file.dynamic).read();
    if (const auto name = use.one_of(questions); !name.empty())
        return "imports " + std::string(name);
    if (use.has_ifunc) return "has ifuncs";
    const auto jump = use.one_of(jumps), handler = use.one_of(handlers);
    if (!file.has_interpreter && !jump.empty() && !handler.empty())
        return fmt::format("imports {} and {}", handler, jump);
    return {};
}

}  // namespace qh
