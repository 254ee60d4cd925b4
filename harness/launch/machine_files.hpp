// Can QEMU and a guest use the files that a machine is given?
#pragma once

#include "machine/machine_spec.hpp"

namespace qh {

/// Looks at the first bytes of kernel, initrd and drives, since QEMU takes whatever it does not
/// know for code or data, and the guest stays silent. Throws a usage error that says what a file is
/// and how it is unpacked, where it cannot be used as it is. What is not known is let pass.
void check_machine_files(const machine_spec& spec);

}  // namespace qh
