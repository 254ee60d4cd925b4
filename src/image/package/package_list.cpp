#include "image/package/package_list.hpp"

#include <re2/re2.h>

#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// "1%3a9.7-3" as "1:9.7-3".
std::string unescape(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(&text[i] + 1, &text[i] + 3, byte, 16).ptr == &text[i] + 3) {
            result += static_cast<char>(byte);
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

package parse_package(std::string_view line) {
    const auto fields = split(line.substr(line.find("' ") + 2), ' ');
    package result;
    const auto unusable = [&] {
        return infrastructure_error("apt printed a package that cannot be used: {}",
                                    printable(line));
    };
    if (fields.size() < 3) throw unusable();
    result.file_name = fields[0];
    auto stem = fields[0];
    if (!stem.ends_with(".deb") || stem.find('/') != std::string_view::npos) throw unusable();
    stem.remove_suffix(4);
    const auto parts = split(stem, '_');
    if (parts.size() != 3) throw unusable();
    result.name = parts[0];
    result.version = unescape(parts[1]);
    result.architecture = parts[2];
    const auto* const end = fields[1].data() + fields[1].size();
    if (std::from_chars(fields[1].data(), end, result.bytes).ptr != end) throw unusable();
    constexpr std::string_view hash = "SHA256:";
    if (!fields[2].starts_with(hash) || fields[2].size() != hash.size() + 64) throw unusable();
    result.sha256 = fields[2].substr(hash.size());
    return result;
}

}  // namespace

std::vector<package> parse_print_uris(std::string_view output) {
    std::vector<package> packages;
    for (const auto line : split_lines(output))
        if (line.starts_with('\'') && line.find("' ") != std::string_view::npos)
            packages.push_back(parse_package(trim(line)));
    return packages;
}

std::string find_dependency(std::string_view show_output, std::string_view prefix) {
    constexpr std::string_view field = "Depends: ";
    for (const auto line : split_lines(show_output)) {
        if (!line.starts_with(field)) continue;
        for (const auto dependency : split(line.substr(field.size()), ',')) {
            const auto name = trim(dependency).substr(0, trim(dependency).find_first_of(" |(:"));
            if (name.starts_with(prefix)) return std::string(name);
        }
    }
    return {};
}

std::optional<std::string> choose_mirror(std::string_view targets, std::string_view host_codename) {
    std::optional<std::string> unlisted;
    for (const auto line : split_lines(targets)) {
        const auto fields = split(trim(line), '|');
        if (fields.size() != 4) continue;
        const auto site = fields[0], origin = fields[1], label = fields[2], release = fields[3];
        if (origin == "Debian" && label == "Debian") return std::string(site);
        const bool unknown = origin.empty() || origin.starts_with("$(");
        if (unknown && !unlisted && !host_codename.empty() && release == host_codename)
            unlisted = site;
    }
    return unlisted;
}

std::optional<std::string> default_mirror_in(std::string_view script) {
    // mmdebstrap: `my $mirror = '…';`, debootstrap: `DEF_MIRROR="…"`.
    static const RE2 assignment(
        R"re((?m)^\s*(?:my \$mirror\s*=\s*|DEF_MIRROR=)['"](\w+://[^'"]+)['"])re");
    std::string found;
    if (!RE2::PartialMatch(re2::StringPiece(script.data(), script.size()), assignment, &found))
        return std::nullopt;
    return found;
}

}  // namespace qh
