// The CPU models that a QEMU has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// What `qemu` offers for its virt machine. Throws an infrastructure error where it cannot be run.
std::vector<std::string> cpu_models(const std::string& qemu);

/// The models in the answer to `-cpu help`.
std::vector<std::string> read_cpu_help(std::string_view text);

}  // namespace qh
