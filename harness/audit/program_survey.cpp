#include "audit/program_survey.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace qh {
namespace {

constexpr int most_links = 40;

program_survey::program read_program(const byte_source& file) {
    try {
        return {read_elf_isa(file), {}};
    } catch (const error& e) {
        if (e.kind() != fault::usage) throw;
        return {{}, e.what()};
    }
}

/// `path` from `folder` on, or from the root where it begins with a slash.
std::string joined(const std::string& folder, const std::string& path) {
    return tree_path(path.starts_with('/') ? path : folder + "/" + path);
}

}  // namespace

void program_survey::add(const tree_entry& entry) {
    auto read = entry.program ? read_program(*entry.program) : program{};
    const std::lock_guard lock(mutex_);
    programs_.erase(entry.path);
    links_.erase(entry.path);
    if (entry.program)
        programs_.emplace(entry.path, std::move(read));
    else if (!entry.link.empty())
        links_.emplace(entry.path, entry.link);
}

std::string program_survey::resolve(const std::string& path) const {
    auto at = tree_path(path);
    for (int followed = 0; followed < most_links; ++followed) {
        // The first link on the way, be it a folder's or the file's own.
        auto end = at.find('/');
        auto link = links_.find(at.substr(0, end));
        while (link == links_.end() && end != at.npos) {
            end = at.find('/', end + 1);
            link = links_.find(at.substr(0, end));
        }
        if (link == links_.end()) return at;
        const auto slash = link->first.rfind('/');
        const auto folder = slash == std::string::npos ? "" : link->first.substr(0, slash);
        const auto rest = end == at.npos ? "" : at.substr(end);
        at = joined(folder, link->second + rest);
    }
    return tree_path(path);
}

bool program_survey::all_readable() const {
    return std::ranges::all_of(programs_,
                               [](const auto& one) { return one.second.unreadable.empty(); });
}

}  // namespace qh
