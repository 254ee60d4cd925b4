#include "image/content/guest_tree.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

// Setuid, setgid and sticky among them: trees are put together in folders that only we can enter,
// so on the host they serve nobody.
constexpr mode_t mode_bits = 07777;
constexpr mode_t implied_folder_mode = 0755;

error cannot(const char* what, const std::string& path, int error_number) {
    return infrastructure_error("cannot {} {} in the guest's files: {}", what, path,
                                system_message(error_number));
}

}  // namespace

/// Where a path's last name stands.
struct guest_tree::place {
    unique_fd directory;
    std::string name;
};

guest_tree::guest_tree(const fs::path& root) : root_(root) {
    std::error_code failed;
    fs::create_directories(root, failed);
    root_fd_ = unique_fd(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root_fd_)
        throw infrastructure_error("cannot make {}: {}", root.string(), system_message(errno));
}

unique_fd guest_tree::open_directory(const std::string& path) const {
    open_how how = {};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const char* const name = path.empty() ? "." : path.c_str();
    return unique_fd(
        static_cast<int>(::syscall(SYS_openat2, root_fd_.get(), name, &how, sizeof how)));
}

unique_fd guest_tree::make_directories(const std::string& path) {
    if (auto found = open_directory(path)) return found;
    if (errno != ENOENT || path.empty()) throw cannot("open the folder", path, errno);
    const place at = parent_of(path);
    const std::lock_guard lock(folder_modes_);
    const bool is_new = ::mkdirat(at.directory.get(), at.name.c_str(), implied_folder_mode) == 0;
    if (!is_new && errno != EEXIST) throw cannot("make the folder", path, errno);
    auto made = open_directory(path);
    if (!made) throw cannot("open the folder", path, errno);
    // In a setgid folder a new one is setgid by itself.
    if (is_new) set_mode(made, implied_folder_mode, path);
    return made;
}

void guest_tree::set_mode(const unique_fd& folder, mode_t mode, const std::string& path) {
    if (::fchmodat(folder.get(), ".", mode, 0) != 0) throw cannot("set the mode of", path, errno);
}

guest_tree::place guest_tree::parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {make_directories(""), path};
    return {make_directories(path.substr(0, slash)), path.substr(slash + 1)};
}

void guest_tree::clear(const place& at, const std::string& path) {
    if (::unlinkat(at.directory.get(), at.name.c_str(), 0) != 0 && errno != ENOENT)
        throw cannot("replace", path, errno);
}

void guest_tree::make_directory(const std::string& path, mode_t mode) {
    const auto made = make_directories(path);
    // We must be able to fill it, whoever we are.
    const std::lock_guard lock(folder_modes_);
    set_mode(made, (mode & mode_bits) | 0700, path);
}

void guest_tree::make_file(const std::string& path, mode_t mode,
                           const std::function<void(int fd)>& fill) {
    const place at = parent_of(path);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    unique_fd made(::openat(at.directory.get(), at.name.c_str(), flags, 0600));
    struct stat before = {};
    before.st_uid = ::geteuid();
    before.st_gid = ::getegid();
    if (!made && errno == EEXIST) {
        ::fstatat(at.directory.get(), at.name.c_str(), &before, AT_SYMLINK_NOFOLLOW);
        clear(at, path);
        made = unique_fd(::openat(at.directory.get(), at.name.c_str(), flags, 0600));
    }
    if (!made) throw cannot("make the file", path, errno);
    fill(made.get());
    // Only packages' scripts give files to others.
    if ((before.st_uid != ::geteuid() || before.st_gid != ::getegid()) &&
        ::fchown(made.get(), before.st_uid, before.st_gid) != 0)
        throw cannot("set the owner of", path, errno);
    // At last, for the kernel takes setuid off a file that is written to.
    if (::fchmod(made.get(), mode & mode_bits) != 0) throw cannot("set the mode of", path, errno);
}

void guest_tree::write_file(const std::string& path, std::string_view content, mode_t mode) {
    make_file(path, mode, [&](int fd) { write_all(fd, content, path); });
}

void guest_tree::make_link(const std::string& path, const std::string& target) {
    const place at = parent_of(path);
    clear(at, path);
    if (::symlinkat(target.c_str(), at.directory.get(), at.name.c_str()) != 0)
        throw cannot("make the link", path, errno);
}

void guest_tree::make_hard_link(const std::string& path, const std::string& existing) {
    const place from = parent_of(existing);
    const place to = parent_of(path);
    clear(to, path);
    if (::linkat(from.directory.get(), from.name.c_str(), to.directory.get(), to.name.c_str(), 0) !=
        0)
        throw cannot("make the link", path, errno);
}

void guest_tree::set_all_times(std::time_t seconds) {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    const auto set = [&](const fs::path& path) {
        if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
            throw cannot("set the time of", path.string(), errno);
    };
    for (const auto& entry : fs::recursive_directory_iterator(root_)) set(entry.path());
    set(root_);
}

}  // namespace qh
