// A guest's files, put together in a folder of the host that links cannot lead out of.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace qh {

/// Writes below one folder as a chroot would: a link in the tree, absolute or not, is resolved
/// inside it. Paths are relative to the root. What stands at a path already is replaced, except
/// a folder. Modes may have setuid, setgid and sticky bits; whoever owns the root must keep others
/// out of it. Safe to use from several threads. Every function throws an infrastructure error.
class guest_tree {
  public:
    /// Makes the folder where it does not exist.
    explicit guest_tree(const std::filesystem::path& root);

    const std::filesystem::path& root() const { return root_; }

    /// Makes the folder and its parents; one that exists gets the mode.
    void make_directory(const std::string& path, mode_t mode);

    /// Makes a file, and its parents, and has `fill` write into it. It is ours, or whose the file
    /// was that it replaces.
    void make_file(const std::string& path, mode_t mode, const std::function<void(int fd)>& fill);

    void write_file(const std::string& path, std::string_view content, mode_t mode);
    void make_link(const std::string& path, const std::string& target);

    /// A second name for the file `existing`.
    void make_hard_link(const std::string& path, const std::string& existing);

    /// Gives everything in the tree the same time, so that an image does not tell when it was
    /// built.
    void set_all_times(std::time_t seconds);

  private:
    struct place;
    unique_fd open_directory(const std::string& path) const;
    unique_fd make_directories(const std::string& path);
    place parent_of(const std::string& path);
    static void set_mode(const unique_fd& folder, mode_t mode, const std::string& path);
    void clear(const place& at, const std::string& path);

    std::filesystem::path root_;
    unique_fd root_fd_;
    std::mutex folder_modes_;  ///< a folder that is made has its mode before it gets another
};

}  // namespace qh
