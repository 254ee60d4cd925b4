// An apt of our own, apart from the host's packages: its own lists, its own cache of packages, the
// guest's suite and architecture. Needs no root.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "image/package/package_list.hpp"
#include "image/progress/build_phases.hpp"
#include "process/tool.hpp"

namespace qh {

/// Chooses and downloads packages of one suite and architecture, with the host's proxy settings;
/// apt verifies the archive's signature. Errors are run_tool's.
class apt_root {
  public:
    /// Keeps lists in `cache`/apt and packages in `cache`/packages.
    apt_root(const std::filesystem::path& cache, const std::string& mirror,
             const std::string& suite, const std::string& architecture, build_phases& phases);

    /// Fetches the archive's lists, as fetch_lists does; offline, only checks that there are some.
    void update();

    /// The packages named and all they depend on; recommended ones are not.
    std::vector<package> resolve(const std::vector<std::string>& names);

    /// The packages named and no others.
    std::vector<package> resolve_alone(const std::vector<std::string>& names);

    /// The real package behind a kernel's metapackage: linux-image-riscv64 →
    /// linux-image-6.12.0-riscv64. A package that is no metapackage is its own answer.
    std::string kernel_package(const std::string& name);

    /// Downloads what is not here yet and removes other versions of these packages.
    /// Throws an infrastructure error where a package is not what the archive's list says.
    void download(const std::vector<package>& packages);

  private:
    bool has_lists() const;
    std::vector<package> choose(tool_command command) const;
    tool_command apt(std::vector<std::string> arguments) const;
    void write_configuration(const std::string& mirror, const std::string& suite);
    std::vector<package> missing(const std::vector<package>& packages) const;
    void remove_other_versions(const std::vector<package>& packages) const;

    std::string architecture_;
    build_phases& phases_;
    std::filesystem::path root_;
    std::filesystem::path packages_;
};

}  // namespace qh
