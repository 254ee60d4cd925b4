// QEMU's `-cpu` with one extension more.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// `cpu` with `extension` on, and with what that needs and `present` lacks: "rv64" and "v" give
/// "rv64,v=true". Properties that are there already are set, all others kept. A vendor's model,
/// which QEMU lets have nothing more, gives way to rv64. Zvl* are set by vlen.
std::string cpu_with(std::string_view cpu, std::string_view extension,
                     const std::set<std::string, std::less<>>& present);

/// The same for several, of which a later one may need an earlier one.
std::string cpu_with(std::string_view cpu, const std::vector<std::string>& extensions,
                     const std::set<std::string, std::less<>>& present);

/// The `-march` of programs for a hart with these extensions, of the single-letter ones that
/// compilers take for granted: "rv64gc", "rv64imac".
std::string march_of(const std::set<std::string, std::less<>>& present);

}  // namespace qh
