// The programs without which a guest does not come to a scenario's steps, or its Python.
#pragma once

#include <string>
#include <vector>

#include "audit/program_survey.hpp"
#include "base/json.hpp"
#include "riscv/isa_string.hpp"

namespace qh {

struct key_program {
    std::string role;        ///< "init", "shell", "C library", "Python"
    std::string file;        ///< "/init (usr/bin/busybox) in rootfs.cpio.gz"
    extension_set required;  ///< with all that it implies
    bool operator==(const key_program&) const = default;
};

/// As a list for records, and back; throws json::exception on another one.
json to_json(const std::vector<key_program>& programs);
std::vector<key_program> key_programs_from(const json& list);

/// Those of a tree that guests use; `init` is the path that the kernel is told of, `tree` names the
/// tree. Each file once.
std::vector<key_program> find_key_programs(const program_survey& survey, const std::string& init,
                                           const std::string& tree);

/// What a kernel that is given this command line executes: in an initramfs (rdinit=) and on a root
/// filesystem (init=).
std::string init_of_initramfs(const std::string& append);
std::string init_of_disk(const std::string& append);

/// Python's role: only scenarios that use it need it.
inline constexpr const char* python_role = "Python";

}  // namespace qh
