#include "riscv/extension.hpp"

#include <algorithm>

namespace qh {
namespace {

constexpr std::string_view no_vector =
    "the kernel has not enabled it for the program (CONFIG_RISCV_ISA_V, sysctl "
    "abi.riscv_v_default_allow), or the instruction is of another draft of it or of an element "
    "type "
    "that this hart lacks (half precision needs zvfh)";
constexpr std::string_view no_fpu =
    "the kernel has not enabled it (CONFIG_FPU), or the encoding is a reserved one";
constexpr std::string_view no_cache_blocks = "the kernel does not let programs use it";
constexpr std::string_view no_counters =
    "the kernel does not let programs read the counter (sysctl kernel.perf_user_access)";

constexpr isa_extension all[] = {
#include "riscv/extensions.inc"
};

}  // namespace

std::span<const isa_extension> isa_extensions() {
    return all;
}

const isa_extension* find_extension(std::string_view name) {
    const auto* const found = std::ranges::find(all, name, &isa_extension::name);
    return found == std::end(all) ? nullptr : found;
}

}  // namespace qh
