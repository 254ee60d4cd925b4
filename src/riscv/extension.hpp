// ISA extensions by the names that QEMU's CPU properties have.
#pragma once

#include <span>
#include <string_view>

namespace qh {

struct isa_extension {
    std::string_view name;   ///< "v", "zba": the manual's in lower case, and QEMU's property
    std::string_view title;  ///< "vector", to be followed by "extension"
    std::string_view needs;  ///< without which QEMU refuses it: names with commas between
    /// Why a hart that has it may call one of its instructions illegal; empty where no more is
    /// known than that the encoding must be a reserved one.
    std::string_view trap_cause;
};

/// All that instructions are told apart by.
std::span<const isa_extension> isa_extensions();

/// Null where the name is none of them.
const isa_extension* find_extension(std::string_view name);

}  // namespace qh
