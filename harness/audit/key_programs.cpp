#include "audit/key_programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

/// Where programs of a role stand, by the habits of Debian, Buildroot, Alpine and Yocto.
constexpr std::array<std::pair<const char*, const char*>, 14> places = {{
    {"shell", "/bin/sh"},
    {"shell", "/bin/busybox"},
    {"shell", "/bin/bash"},
    {"C library", "/lib/ld-linux-riscv64-lp64d.so.1"},
    {"C library", "/lib/ld-linux-riscv64-lp64.so.1"},
    {"C library", "/lib/ld-musl-riscv64.so.1"},
    {"C library", "/lib/riscv64-linux-gnu/libc.so.6"},
    {"C library", "/lib64/lp64d/libc.so.6"},
    {"C library", "/lib64/libc.so.6"},
    {"C library", "/lib/libc.so.6"},
    {"C library", "/usr/lib64/lp64d/libc.so.6"},
    {"C library", "/usr/lib/libc.so.6"},
    {python_role, "/usr/bin/python3"},
    {python_role, "/usr/local/bin/python3"},
}};

/// The last of them counts, as for the kernel.
std::string parameter(std::string_view append, std::string_view name, std::string_view otherwise) {
    std::string value(otherwise);
    while (!append.empty()) {
        const auto end = std::min(append.find(' '), append.size());
        const auto word = append.substr(0, end);
        append.remove_prefix(std::min(end + 1, append.size()));
        if (word.starts_with(name) && word.substr(name.size()).starts_with('='))
            value = word.substr(name.size() + 1);
    }
    return value;
}

}  // namespace

std::vector<key_program> find_key_programs(const program_survey& survey, const std::string& init,
                                           const std::string& tree) {
    std::vector<key_program> found;
    std::vector<std::string> seen;
    const auto add = [&](const std::string& role, const std::string& path) {
        const auto target = survey.resolve(path);
        const auto program = survey.programs().find(target);
        if (program == survey.programs().end() || !program->second.isa.is_riscv ||
            std::ranges::count(seen, target))
            return;
        seen.push_back(target);
        const auto shown = "/" + target == path ? path : fmt::format("{} ({})", path, target);
        found.push_back({role, fmt::format("{} in {}", shown, tree), program->second.isa.required});
    };
    add("init", init);
    for (const auto& [role, path] : places) add(role, path);
    return found;
}

std::string init_of_initramfs(const std::string& append) {
    return parameter(append, "rdinit", "/init");
}

std::string init_of_disk(const std::string& append) {
    return parameter(append, "init", "/sbin/init");
}

json to_json(const std::vector<key_program>& programs) {
    json list = json::array();
    for (const auto& one : programs)
        list.push_back(
            {{"role", one.role}, {"file", valid_utf8(one.file)}, {"required", one.required}});
    return list;
}

std::vector<key_program> key_programs_from(const json& list) {
    std::vector<key_program> programs;
    for (const auto& one : list)
        programs.push_back({one.at("role").get<std::string>(), one.at("file").get<std::string>(),
                            one.at("required").get<extension_set>()});
    return programs;
}

}  // namespace qh
