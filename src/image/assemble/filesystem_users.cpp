#include "image/assemble/filesystem_users.hpp"

#include <sys/stat.h>

#include <charconv>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/content/guest_users.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// debugfs tells of what went wrong in words only.
void debugfs(const fs::path& raw, const std::string& requests, const fs::path& folder,
             const build_options& options) {
    write_file_atomically(folder / "requests", requests);
    tool_command command;
    command.argv = {"debugfs", "-w", "-f", "requests", fs::absolute(raw)};
    command.working_directory = folder;
    command.stop = options.stop;
    run_tool(command);
}

/// Brings the filesystem's own files of users into the tree.
void dump(const fs::path& raw, guest_tree& tree, const build_options& options) {
    tree.make_directory("etc", 0755);
    debugfs(raw,
            "dump /etc/passwd etc/passwd\n"
            "dump /etc/group etc/group\n"
            "dump /etc/shadow etc/shadow\n",
            tree.root(), options);
}

std::string replace(const char* name, mode_t mode, unsigned group) {
    return fmt::format(
        "rm /etc/{0}\ncd /etc\nwrite etc/{0} {0}\nsif {0} mode 0{1:o}\nsif {0} uid 0\nsif {0} gid "
        "{2}\n",
        name, S_IFREG | mode, group);
}

}  // namespace

unsigned group_id(const std::string& group_file, const std::string& name) {
    for (const auto line : split_lines(group_file)) {
        if (!line.starts_with(name + ":")) continue;
        const auto password = line.find(':', name.size() + 1);
        if (password == line.npos) continue;
        unsigned id = 0;
        const auto [end, failure] =
            std::from_chars(line.data() + password + 1, line.data() + line.size(), id);
        if (failure == std::errc()) return id;
    }
    return 0;
}

void write_users_in_filesystem(const fs::path& raw, const std::map<std::string, guest_user>& users,
                               const fs::path& work, const build_options& options) {
    if (users.empty()) return;
    const temporary_directory before(work, "users"), after(work, "users");
    guest_tree tree(before.path()), check(after.path());
    dump(raw, tree, options);
    write_users(tree, users);
    const auto wanted = users_in(tree);
    debugfs(raw,
            replace("passwd", 0644, 0) + replace("group", 0644, 0) +
                replace("shadow", 0640, group_id(wanted.group, "shadow")),
            tree.root(), options);
    dump(raw, check, options);
    const auto written = users_in(check);
    if (written.passwd != wanted.passwd || written.group != wanted.group ||
        written.shadow != wanted.shadow)
        throw infrastructure_error("debugfs could not write the users into {}; is the disk full?",
                                   raw.filename().string());
}

}  // namespace qh
