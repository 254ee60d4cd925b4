// Programs for riscv64 guests, as bytes: there is no cross compiler where the tests run.
#pragma once

#include <string>
#include <string_view>

namespace qh::integration {

/// What a program does before it becomes busybox.
enum class first_act {
    nothing,
    vector,  ///< sets the vector length: illegal where there is no V
    unimp,   ///< the instruction that is illegal everywhere
};

/// A static ELF executable that does `act`, and then executes /usr/bin/busybox as `applet`.
std::string program_bytes(first_act act, std::string_view applet);

/// A static ELF executable whose exit status is the length of a vector register in bytes.
std::string vector_length_program();

}  // namespace qh::integration
