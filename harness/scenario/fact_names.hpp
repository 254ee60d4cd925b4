// What a run tells of its guest and its machine by name.
#pragma once

#include <span>
#include <string_view>

namespace qh {

/// All of them, such as "guest.arch" and "machine.cpu".
std::span<const std::string_view> fact_names();

/// Whether a name can only be a fact's, known or misspelt.
bool is_like_a_fact(std::string_view name);

}  // namespace qh
