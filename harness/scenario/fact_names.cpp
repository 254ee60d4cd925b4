#include "scenario/fact_names.hpp"

#include <array>

namespace qh {

std::span<const std::string_view> fact_names() {
    static constexpr std::array<std::string_view, 20> names = {
        "guest.arch",           "guest.kernel",         "guest.isa",           "guest.isa_missing",
        "guest.isa_extra",      "guest.harts",          "guest.memory",        "guest.memory_mib",
        "guest.memory_percent", "guest.disk_free",      "guest.disk_free_mib", "guest.distro",
        "guest.distro_like",    "guest.distro_version", "guest.init",          "guest.user",
        "machine.cpu",          "machine.smp",          "machine.memory_mib",  "machine.opensbi"};
    return names;
}

bool is_like_a_fact(std::string_view name) {
    return name.starts_with("guest.") || name.starts_with("machine.");
}

}  // namespace qh
