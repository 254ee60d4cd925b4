// What a machine's programs need, known before it is started.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "audit/key_programs.hpp"
#include "machine/machine_spec.hpp"

namespace qh {

struct known_programs {
    std::vector<key_program> programs;
    std::vector<std::string> problems;  ///< what could not be read, and why
};

/// Looks at the initrd and the drives, as far as they take no more than 1 GiB of the host's disk.
/// What was found is kept in the cache folder, so that a file that did not change costs nothing the
/// next time; `reading` is called with a file's name before one is read that takes a while. Never
/// throws for what is wrong with a file: the guest itself will show.
known_programs look_at_programs(const machine_spec& machine,
                                const std::function<void(const std::string&)>& reading);

}  // namespace qh
