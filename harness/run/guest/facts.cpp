#include "run/guest/facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/text.hpp"

namespace qh {
namespace {

bool is_number(std::string_view text) {
    constexpr std::size_t most_digits = 12;
    return text.size() <= most_digits &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

std::string facts_script() {
    return R"sh(echo "kernel=$(uname -r)"
echo "arch=$(uname -m)"
h=0
while IFS=: read -r k v; do
  case $k in
    processor*) h=$((h+1));;
    "isa	"*|isa) [ -n "$isa" ] || isa=${v# };;
  esac
done </proc/cpuinfo
echo "isa=$isa"
echo "harts=$h"
while read -r k v u; do
  case $k in MemTotal:) echo "memory_mib=$((v/1024))"; echo "memory=$((v/1024))M";; esac
done </proc/meminfo
if [ -r /etc/os-release ]; then
  (. /etc/os-release; echo "distro=$ID"; echo "distro_version=$VERSION_ID"; echo "distro_like=$ID_LIKE")
fi
read -r c </proc/1/comm
case $c in init)
  case $(readlink /proc/1/exe 2>/dev/null || ls -l /proc/1/exe 2>/dev/null) in
    *busybox*) c=busybox;;
    *) c=sysvinit;;
  esac
  [ -d /run/openrc ] && c=openrc;;
esac
echo "init=$c"
echo "user=$(id -un 2>/dev/null)"
df -Pk / 2>/dev/null | while read -r f b u a r; do
  case $a in *[!0-9]*|'') ;; *) echo "disk_free_mib=$((a/1024))"; echo "disk_free=$((a/1024))M";; esac
done
)sh";
}

fact_map read_facts(std::string_view output) {
    static const std::set<std::string, std::less<>> known = {
        "kernel",         "arch",        "isa",  "harts", "memory_mib",    "memory",   "distro",
        "distro_version", "distro_like", "init", "user",  "disk_free_mib", "disk_free"};
    static const std::set<std::string, std::less<>> numbers = {"harts", "memory_mib",
                                                               "disk_free_mib"};
    fact_map facts;
    for (const auto line : split_lines(output)) {
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = line.substr(0, equals);
        const auto value = trim(line.substr(equals + 1));
        if (numbers.contains(name) && !is_number(value)) continue;
        if (known.contains(name) && !value.empty())
            facts[fmt::format("guest.{}", name)] = printable(value);
    }
    return facts;
}

std::set<std::string> isa_extensions(std::string_view isa_line) {
    std::set<std::string> extensions;
    const auto base_end = std::min(isa_line.find('_'), isa_line.size());
    auto base = isa_line.substr(0, base_end);
    if (base.starts_with("rv64") || base.starts_with("rv32")) base.remove_prefix(4);
    for (const char letter : base) extensions.emplace(1, letter);
    auto rest = isa_line.substr(base_end);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = std::min(rest.find('_'), rest.size());
        if (end > 0) extensions.emplace(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    return extensions;
}

const std::set<std::string>& comparable_extensions() {
    static const std::set<std::string> names = {
        "i",    "m",    "a",    "f",    "d",       "c",       "v",      "h",      "zba",
        "zbb",  "zbc",  "zbs",  "zfh",  "zvfh",    "zvbb",    "zicbom", "zicboz", "zicond",
        "sstc", "zbkb", "zknd", "zkne", "svinval", "svnapot", "svpbmt"};
    return names;
}

fact_map compare_isa(std::string_view isa_line, const std::set<std::string>& asked,
                     const std::set<std::string>& offered) {
    const auto shown = isa_extensions(isa_line);
    std::vector<std::string> missing, extra;
    for (const auto& name : asked) {
        if (offered.contains(name) && !shown.contains(name)) missing.push_back(name);
        if (!offered.contains(name) && shown.contains(name)) extra.push_back(name);
    }
    const auto list = [](const std::vector<std::string>& names) {
        return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ","));
    };
    return {{"guest.isa_missing", list(missing)}, {"guest.isa_extra", list(extra)}};
}

}  // namespace qh
