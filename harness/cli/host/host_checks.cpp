#include "cli/host/host_checks.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "image/package/debian_mirror.hpp"
#include "image/package/package_scripts.hpp"
#include "image/recipe_file/load_recipe.hpp"
#include "machine/machine.hpp"
#include "process/cpu_usage.hpp"
#include "process/tool.hpp"
#include "process/tool_packages.hpp"
#include "process/tool_path.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// What a PyTorch guest takes of the host beside its own memory's default.
constexpr std::uint64_t plenty_of_memory = 5ull << 30;
/// Journals and consoles of a night's runs.
constexpr std::uint64_t plenty_for_runs = 1ull << 30;

std::string apt_get(std::string_view package) {
    return fmt::format("{}apt-get install {}", ::geteuid() == 0 ? "" : "sudo ", package);
}

constexpr const char* qemu_package = "qemu-system-riscv";

std::string run(std::vector<std::string> argv, const char* package = "") {
    tool_command command;
    command.argv = std::move(argv);
    command.package = package;
    command.timeout = std::chrono::seconds(30);
    return run_tool(command);
}

host_check check_qemu(const std::string& qemu) {
    host_check check{"qemu", check_state::missing, {}, apt_get(qemu_package)};
    try {
        const auto words = run({qemu, "--version"}, qemu_package);
        const auto version = read_version_line(words);
        if (!version) {
            check.found = fmt::format("{} does not tell its version", qemu);
            check.remedy = "name another with --qemu";
        } else if (*version < oldest_qemu) {
            check.found = fmt::format("{} is version {}; {}.{} is needed", qemu, version->text(),
                                      oldest_qemu.major, oldest_qemu.minor);
            check.remedy = apt_get(
                               "-t \"$(. /etc/os-release; echo $VERSION_CODENAME)-backports\" "
                               "qemu-system-riscv") +
                           ", or name a newer one with --qemu";
        } else {
            check = {"qemu",
                     check_state::ok,
                     fmt::format("{} ({})", version->text(),
                                 find_tool(qemu).empty() ? qemu : find_tool(qemu).string()),
                     {}};
        }
    } catch (const error& e) {
        check.found = std::string(split_lines(e.what()).front());
        check.remedy += "   (on Ubuntu: qemu-system-misc)";
    }
    return check;
}

host_check check_firmware(const std::string& qemu) {
    constexpr const char* file = "opensbi-riscv64-generic-fw_dynamic.bin";
    try {
        const auto folders = run({qemu, "-L", "help"}, qemu_package);
        for (const auto folder : split_lines(folders)) {
            const auto path = fs::path(trim(folder)) / file;
            if (std::error_code ignored; fs::exists(path, ignored))
                return {"firmware", check_state::ok, path.string(), {}};
        }
    } catch (const error&) {
        return {"firmware", check_state::missing, "QEMU does not say where it looks for OpenSBI",
                "mend qemu first"};
    }
    return {"firmware", check_state::missing, fmt::format("QEMU finds no {}", file),
            apt_get("opensbi")};
}

host_check check_tools(const tool_package& package) {
    host_check check{std::string(package.programs.front()), check_state::ok, {}, {}};
    std::vector<std::string> found;
    std::vector<std::string_view> missing;
    for (const auto program : package.programs) {
        const auto path = find_tool(std::string(program));
        if (path.empty())
            missing.push_back(program);
        else
            found.push_back(path.string());
    }
    check.found = fmt::format("{}", fmt::join(found, ", "));
    if (missing.empty()) return check;
    check.state = package.is_optional ? check_state::advice : check_state::missing;
    check.found = fmt::format("no {}; needed {}", fmt::join(missing, ", "), package.needed_for);
    check.remedy = apt_get(package.name);
    return check;
}

/// Either name will do.
host_check check_emulator() {
    const auto path = find_emulator();
    if (!path.empty()) return {"qemu-riscv64", check_state::ok, path.string(), {}};
    return {"qemu-riscv64", check_state::advice,
            "no qemu-riscv64-static nor qemu-riscv64; package scripts will run in a guest",
            apt_get("qemu-user-static")};
}

/// `work` returns what it found, or throws an error that says what is missing.
template <typename Work>
host_check attempt(const std::string& name, const std::string& remedy, Work work) {
    try {
        return {name, check_state::ok, work(), {}};
    } catch (const error& e) {
        return {name, check_state::missing, std::string(split_lines(e.what()).front()), remedy};
    }
}

host_check check_namespaces() {
    if (::geteuid() == 0) return {"user namespaces", check_state::ok, "not needed by root", {}};
    const auto sysctl = [](const char* name) {
        const fs::path file = fmt::format("/proc/sys/kernel/{}", name);
        return fs::exists(file) ? std::string(trim(read_file(file))) : "";
    };
    std::string remedy = "build images as root";
    if (sysctl("apparmor_restrict_unprivileged_userns") == "1")
        remedy = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    if (sysctl("unprivileged_userns_clone") == "0")
        remedy = "sudo sysctl -w kernel.unprivileged_userns_clone=1";
    return attempt("user namespaces", remedy, [] {
        run({"unshare", "-r", "true"});
        return std::string("allowed");
    });
}

host_check check_schedstat() {
    if (read_usage("/proc/self").knows_waits)
        return {"schedstat", check_state::ok, "the kernel tells how long QEMU waits for a CPU", {}};
    return {"schedstat", check_state::advice,
            "the kernel does not tell how long QEMU waits for a CPU; timeouts estimate it",
            "use a kernel with CONFIG_SCHED_INFO, or --timeout-multiplier on a busy host"};
}

/// The folder that would be made belongs to its nearest parent that is there.
fs::path existing_parent(fs::path folder) {
    folder = fs::absolute(folder);
    std::error_code ignored;
    while (!fs::exists(folder, ignored) && folder.has_relative_path())
        folder = folder.parent_path();
    return folder;
}

host_check check_folder(const std::string& name, const fs::path& folder, std::uint64_t plenty,
                        const std::string& elsewhere) {
    const auto there = existing_parent(folder);
    std::error_code failed;
    if (!fs::is_directory(there, failed) || ::access(there.c_str(), W_OK) != 0)
        return {name, check_state::missing, fmt::format("cannot write in {}", there.string()),
                elsewhere};
    const auto free = fs::space(there, failed).available;
    auto found = fmt::format("{} free for {}", format_size(failed ? 0 : free), folder.string());
    if (!failed && free >= plenty) return {name, check_state::ok, std::move(found), {}};
    return {name, check_state::advice, fmt::format("{}; {} are wanted", found, format_size(plenty)),
            elsewhere};
}

std::uint64_t largest_build() {
    std::uint64_t bytes = 0;
    for (const auto& name : recipe_names()) bytes = std::max(bytes, load_recipe(name).build_bytes);
    return bytes;
}

host_check check_memory() {
    const auto free = meminfo_bytes(read_file("/proc/meminfo"), "MemAvailable");
    auto found = fmt::format("{} available", format_size(free));
    if (free >= plenty_of_memory) return {"memory", check_state::ok, std::move(found), {}};
    return {"memory", check_state::advice, found + "; a guest with PyTorch wants 4G",
            "run with a smaller --memory, or less beside it"};
}

host_check check_terminal() {
    const char* const kind = std::getenv("TERM");
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1)
        return {"terminal", check_state::advice,
                "none: no live line, no qharness shell, no --attach-on-failure",
                "call qharness from a terminal (ssh -t, docker run -it)"};
    if (!kind || !*kind || std::string_view(kind) == "dumb")
        return {"terminal", check_state::advice, "TERM says that it can do nothing",
                "export TERM=xterm-256color"};
    return {"terminal", check_state::ok, printable(kind), {}};
}

}  // namespace

std::optional<qemu_version> read_version_line(std::string_view text) {
    qemu_version version;
    if (!re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                                R"(QEMU emulator version (\d+)\.(\d+)\.(\d+))", &version.major,
                                &version.minor, &version.micro))
        return std::nullopt;
    return version;
}

std::uint64_t meminfo_bytes(std::string_view meminfo, std::string_view name) {
    std::uint64_t kib = 0;
    const auto form = fmt::format(R"((?m)^{}:\s*(\d+) kB$)",
                                  re2::RE2::QuoteMeta(re2::StringPiece(name.data(), name.size())));
    re2::RE2::PartialMatch(re2::StringPiece(meminfo.data(), meminfo.size()), form, &kib);
    return kib * 1024;
}

std::vector<host_check> check_host(const check_options& options) {
    std::vector<host_check> checks = {check_qemu(options.qemu), check_firmware(options.qemu)};
    for (const auto& package : tool_packages()) checks.push_back(check_tools(package));
    checks.insert(
        checks.end(),
        {
            check_emulator(),
            attempt("debian mirror",
                    "export QHARNESS_DEBIAN_MIRROR=ADDRESS   (of a Debian archive)",
                    [] { return find_debian_mirror({}); }),
            attempt("debian keys", apt_get("debian-archive-keyring"), debian_keyring),
            check_namespaces(),
            check_schedstat(),
            check_folder("cache", cache_directory(), largest_build(),
                         "export QHARNESS_CACHE_DIR=FOLDER   (with more space)"),
            check_folder("runs", options.out, plenty_for_runs, "qharness run … --out FOLDER"),
            check_memory(),
            check_terminal(),
        });
    return checks;
}

}  // namespace qh
