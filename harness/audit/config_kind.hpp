// Is a file a Buildroot configuration at all, and for which machine?
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/buildroot_config.hpp"

namespace qh {

/// Throws a usage error that says what the file of this name seems to be where not one line of its
/// text begins with a BR2_ symbol.
void check_is_buildroot(std::string_view text, const std::string& name);

/// A warning where the configuration, which was parsed from `text`, is for another machine than
/// 64-bit RISC-V.
std::optional<problem> other_architecture(const buildroot_config& config, std::string_view text,
                                          const std::string& name);

}  // namespace qh
