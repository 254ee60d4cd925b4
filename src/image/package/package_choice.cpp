#include "image/package/package_choice.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "base/lock_file.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/package/apt_root.hpp"
#include "image/package/debian_mirror.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

std::string native_architecture() {
    tool_command ask;
    ask.argv = {"dpkg", "--print-architecture"};
    return std::string(trim(run_tool(ask)));
}

void choose_for_guest(const recipe& wanted, apt_root& apt, package_choice& choice) {
    apt.update();
    choice.kernel = apt.resolve_alone({apt.kernel_package(wanted.kernel_package)});
    choice.initrd = apt.resolve_alone(wanted.initrd.packages);
    if (!wanted.disk) return;
    choice.disk = apt.resolve(wanted.disk->packages);
    const auto& without = wanted.disk->without;
    std::erase_if(choice.disk, [&](const package& one) {
        return std::ranges::find(without, one.name) != without.end();
    });
}

}  // namespace

std::vector<package> package_choice::in_guest() const {
    std::map<std::string, package> by_file;
    for (const auto* const list : {&kernel, &initrd, &disk})
        for (const auto& one : *list) by_file.emplace(one.file_name, one);
    std::vector<package> all;
    for (auto& [file, one] : by_file) all.push_back(std::move(one));
    return all;
}

package_choice choose_packages(const recipe& wanted, const fs::path& cache, build_phases& phases) {
    const auto& options = phases.options();
    const std::string mirror = find_debian_mirror(wanted);
    const auto turn = lock_file(
        cache / "packages.lock", [&] { phases.report({.phase = "wait"}); }, options.stop);
    apt_root guest(cache, mirror, wanted.suite, wanted.architecture, phases);
    std::optional<apt_root> native;
    if (wanted.disk && !wanted.disk->compile_python.empty())
        native.emplace(cache, mirror, wanted.suite, native_architecture(), phases);

    package_choice choice;
    phases.run("resolve", [&] {
        parallel_for(native ? 2 : 1, 2, [&](std::size_t i) {
            if (i == 0) return choose_for_guest(wanted, guest, choice);
            native->update();
            choice.native_python = native->resolve({"python3-minimal"});
        });
    });
    phases.run("download", [&] {
        guest.download(choice.in_guest());
        if (native) native->download(choice.native_python);
    });
    return choice;
}

}  // namespace qh
