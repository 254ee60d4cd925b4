#include "image/package/apt_root.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "image/package/debian_mirror.hpp"
#include "image/package/list_update.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

// Read after the host's configuration, of which proxies and certificates stay in force. Its hooks
// have no business here. Container images of Debian turn off apt's cache of parsed lists and
// compress the lists, which would cost a second for every call. Nothing unsigned is accepted.
constexpr const char* configuration = R"(#clear APT::Architectures;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::ForceHash "SHA256";
Acquire::GzipIndexes "false";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "{root}/state";
Dir::State::status "{root}/state/status";
Dir::Cache "{root}/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "{root}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
)";

bool is_intact(const package& one) {
    std::error_code absent;
    return fs::file_size(one.file, absent) == one.bytes && !absent &&
           sha256_hex_of_file(one.file) == one.sha256;
}

}  // namespace

apt_root::apt_root(const fs::path& cache, const std::string& mirror, const std::string& suite,
                   const std::string& architecture, build_phases& phases)
    : architecture_(architecture), phases_(phases) {
    const std::string place = fmt::format("{}-{}", suite, architecture);
    root_ = cache / "apt" / fmt::format("{}-{}", place, sha256_hex(mirror).substr(0, 8));
    packages_ = cache / "packages" / place;
    for (const fs::path& folder :
         {root_ / "state/lists/partial", root_ / "cache/archives/partial", packages_}) {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed)
            throw infrastructure_error("cannot make {}: {}", folder.string(), failed.message());
    }
    write_configuration(mirror, suite);
}

void apt_root::write_configuration(const std::string& mirror, const std::string& suite) {
    if (root_.string().find('"') != std::string::npos)
        throw usage_error("apt cannot use the folder {}; set QHARNESS_CACHE_DIR to another",
                          root_.string());
    write_file_atomically(root_ / "state/status", "");
    write_file_atomically(root_ / "sources.list", fmt::format("deb [signed-by={}] {} {} main\n",
                                                              debian_keyring(), mirror, suite));
    write_file_atomically(root_ / "apt.conf", fmt::format(fmt::runtime(configuration),
                                                          fmt::arg("architecture", architecture_),
                                                          fmt::arg("root", root_.string())));
}

tool_command apt_root::apt(std::vector<std::string> arguments) const {
    tool_command command;
    command.argv = {arguments.front(), "-c", (root_ / "apt.conf").string(), "-q"};
    command.argv.insert(command.argv.end(), arguments.begin() + 1, arguments.end());
    command.stop = phases_.options().stop;
    return command;
}

void apt_root::update() {
    if (phases_.options().offline) {
        if (!has_lists())
            throw infrastructure_error(
                "no package lists for {} have been downloaded yet; build once without --offline",
                architecture_);
        return;
    }
    // apt calls a failed fetch a warning, and would build from yesterday's lists without a word.
    auto command = apt({"apt-get", "update", "-o", "APT::Update::Error-Mode=any"});
    with_context("cannot fetch Debian's package lists", [&] {
        fetch_lists([&] { run_tool(command); }, [&] { return has_lists(); }, phases_);
    });
}

bool apt_root::has_lists() const {
    return std::ranges::any_of(
        fs::directory_iterator(root_ / "state/lists"),
        [](const auto& entry) { return entry.path().string().ends_with("_Packages"); });
}

std::vector<package> apt_root::choose(tool_command command) const {
    // `apt-get download` would take what lies in the working directory for downloaded.
    command.working_directory = root_;
    auto packages = parse_print_uris(run_tool(command));
    for (auto& one : packages) one.file = packages_ / one.file_name;
    return packages;
}

std::vector<package> apt_root::resolve(const std::vector<std::string>& names) {
    // Its own archive folder stays empty, else apt does not print what it finds there.
    std::vector<std::string> arguments = {"apt-get", "install", "-y", "--print-uris"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return choose(apt(std::move(arguments)));
}

std::vector<package> apt_root::resolve_alone(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    std::vector<std::string> arguments = {"apt-get", "download", "--print-uris"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return choose(apt(std::move(arguments)));
}

std::string apt_root::kernel_package(const std::string& name) {
    const std::string shown = run_tool(apt({"apt-cache", "show", "--no-all-versions", name}));
    const std::string real = find_dependency(shown, "linux-image-");
    return real.empty() ? name : real;
}

std::vector<package> apt_root::missing(const std::vector<package>& packages) const {
    std::vector<package> found;
    std::mutex mutex;
    parallel_for(packages.size(), job_count(phases_.options()), [&](std::size_t i) {
        throw_if_stopped(phases_.options());
        if (is_intact(packages[i])) return;
        const std::lock_guard lock(mutex);
        found.push_back(packages[i]);
    });
    return found;
}

void apt_root::download(const std::vector<package>& packages) {
    const auto wanted = missing(packages);
    if (wanted.empty()) return;
    if (phases_.options().offline)
        throw infrastructure_error(
            "{} of {} packages have not been downloaded yet ({}, …); build "
            "once without --offline",
            wanted.size(), packages.size(), wanted.front().file_name);
    std::vector<std::string> arguments = {"apt-get", "download"};
    build_progress progress = {.phase = "download", .total = wanted.size()};
    for (const auto& one : wanted) {
        fs::remove(one.file);
        arguments.push_back(fmt::format("{}={}", one.name, one.version));
        progress.bytes += one.bytes;
    }
    auto command = apt(std::move(arguments));
    command.working_directory = packages_;
    command.timeout = std::chrono::hours(2);
    command.on_line = [&](std::string_view line) {
        if (!line.starts_with("Get:")) return;
        ++progress.done;
        phases_.report(progress);
    };
    run_tool(command);
    for (const auto& one : missing(wanted))
        throw infrastructure_error("{} is not what Debian's list says (size or SHA-256 differs)",
                                   one.file.string());
    remove_other_versions(packages);
}

void apt_root::remove_other_versions(const std::vector<package>& packages) const {
    std::map<std::string, std::set<std::string>> kept;
    for (const auto& one : packages) kept[one.name].insert(one.file_name);
    for (const auto& entry : fs::directory_iterator(packages_)) {
        const std::string file_name = entry.path().filename().string();
        const auto current = kept.find(file_name.substr(0, file_name.find('_')));
        if (current != kept.end() && !current->second.contains(file_name)) fs::remove(entry.path());
    }
}

}  // namespace qh
