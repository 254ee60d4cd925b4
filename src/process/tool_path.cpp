#include "process/tool_path.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "process/tool_packages.hpp"

namespace qh {

namespace fs = std::filesystem;

fs::path find_tool(const std::string& program) {
    if (program.find('/') != std::string::npos) return program;
    const char* const path = std::getenv("PATH");
    // Debian gives plain users a PATH without the folders that hold mke2fs.
    const std::string folders = fmt::format("{}:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
    for (std::size_t start = 0; start < folders.size();) {
        const auto end = std::min(folders.find(':', start), folders.size());
        const fs::path candidate = fs::path(folders.substr(start, end - start)) / program;
        if (::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate))
            return candidate;
        start = end + 1;
    }
    return {};
}

fs::path require_tool(const std::string& program) {
    if (program.find('/') != std::string::npos) return program;
    const auto* const known = package_of_tool(program);
    if (!known)
        throw error(
            fault::internal,
            fmt::format("the program {} is called and is not in the list of tools", program));
    return require_tool(program, known->name);
}

fs::path require_tool(const std::string& program, std::string_view package) {
    fs::path found = find_tool(program);
    if (!found.empty()) return found;
    throw infrastructure_error("{} is not installed; install it with: apt-get install {}", program,
                               package);
}

}  // namespace qh
