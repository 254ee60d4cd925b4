#include "image/content/python_bytecode.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

struct source_file {
    fs::path path;
    std::uint64_t bytes = 0;
};

std::vector<source_file> sources_below(const fs::path& tree,
                                       const std::vector<std::string>& folders) {
    std::vector<source_file> sources;
    for (const auto& folder : folders) {
        if (!fs::is_directory(tree / folder))
            throw usage_error("the image has no folder /{} to byte-compile", folder);
        for (const auto& entry : fs::recursive_directory_iterator(tree / folder))
            if (entry.path().extension() == ".py" && !entry.is_symlink() && entry.is_regular_file())
                sources.push_back({entry.path(), entry.file_size()});
    }
    return sources;
}

/// Lists of about the same number of bytes, one for each process.
std::vector<std::string> shared_out(std::vector<source_file> sources, unsigned shares) {
    std::ranges::sort(sources, [](const auto& a, const auto& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : a.path < b.path;
    });
    std::vector<std::string> lists(shares);
    std::vector<std::uint64_t> loads(shares);
    for (const auto& source : sources) {
        const auto least = std::ranges::min_element(loads) - loads.begin();
        // A file costs something even when it is empty.
        loads[least] += source.bytes + 500;
        lists[least] += source.path.string() + '\n';
    }
    return lists;
}

/// The one file of `folder` whose name starts with `prefix`.
fs::path find_file(const fs::path& folder, const std::string& prefix) {
    if (fs::is_directory(folder))
        for (const auto& entry : fs::directory_iterator(folder))
            if (entry.path().filename().string().starts_with(prefix)) return entry.path();
    return {};
}

struct native_command {
    fs::path loader;
    fs::path libraries;
    fs::path program;
};

native_command command_of(const native_python& python) {
    native_command found;
    found.program = find_file(python.root / "usr/bin", "python3.");
    for (const char* const folder : {"usr/lib64", "usr/lib"})
        if (found.loader.empty()) found.loader = find_file(python.root / folder, "ld-linux-");
    for (const auto& entry : fs::directory_iterator(python.root / "usr/lib"))
        if (fs::exists(entry.path() / "libc.so.6")) found.libraries = entry.path();
    if (found.program.empty() || found.loader.empty() || found.libraries.empty())
        throw infrastructure_error("the Python in {} lacks its program, loader or libraries",
                                   python.root.string());
    return found;
}

}  // namespace

void compile_python(const native_python& python, const fs::path& tree,
                    const std::vector<std::string>& folders, const build_options& options) {
    const auto native = command_of(python);
    const unsigned jobs = job_count(options);
    // compileall's own -j starts Python anew through sys.executable, without the loader.
    const auto lists = shared_out(sources_below(tree, folders), jobs);
    const temporary_directory scratch(tree.parent_path(), "python");
    parallel_for(jobs, jobs, [&](std::size_t i) {
        const fs::path list = scratch.path() / std::to_string(i);
        write_file_atomically(list, lists[i]);
        tool_command command;
        // By -c, so that a file with bad syntax does not count as a failure.
        command.argv = {native.loader.string(),
                        "--library-path",
                        native.libraries.string(),
                        native.program.string(),
                        "-I",
                        "-c",
                        "import compileall; compileall.main()",
                        "-qq",
                        "--invalidation-mode",
                        "unchecked-hash",
                        "-s",
                        tree.string(),
                        "-p",
                        "/",
                        "-i",
                        list.string()};
        command.stop = options.stop;
        run_tool(command);
    });
}

}  // namespace qh
