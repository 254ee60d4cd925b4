// Which version of an extension an ISA string asks for, where that is not the ratified one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "riscv/isa_string.hpp"

namespace qh {

/// The name that a part's instructions go by: "v" for the ratified extension in any of its
/// versions, "v0p7" for a draft, or for a later version than any that is known, which are other
/// instruction sets. Drafts whose instructions did not change until they were ratified go by the
/// ratified name, and so does what a program runs without (is_passive).
std::string versioned_name(const isa_string::part& part);

/// What such a name is made of: "v" and "0.7"; nothing where the name has no version.
struct other_version {
    std::string extension, version;
};
std::optional<other_version> read_versioned_name(std::string_view name);

}  // namespace qh
