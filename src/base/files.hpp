// Files: whole reads with a limit, atomic writes, owned descriptors, temporary folders.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace qh {

/// Owns a file descriptor.
class unique_fd {
  public:
    unique_fd() = default;
    explicit unique_fd(int fd) : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    unique_fd& operator=(unique_fd&& other) noexcept;
    ~unique_fd() { reset(); }

    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    void reset();
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

/// A folder that is removed with everything in it when the object goes.
class temporary_directory {
  public:
    /// Makes `parent/prefix-XXXXXX`. Throws an infrastructure error where it cannot.
    temporary_directory(const std::filesystem::path& parent, std::string_view prefix);
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory();

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A regular file's whole content. Throws a usage error that names the file where it cannot be
/// read, is a folder, a FIFO or a device, or is larger than `limit_bytes`.
std::string read_file(const std::filesystem::path& path, std::size_t limit_bytes = 64u << 20);

/// Hands a file's content of any length over in blocks. Throws an infrastructure error where it
/// cannot be read.
void for_each_block(const std::filesystem::path& path,
                    const std::function<void(std::string_view)>& use);

/// Replaces `path` in one step: readers see the old content or the new, never a part.
/// Throws an infrastructure error.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Writes all of `bytes` to `fd`; throws an infrastructure error naming `what`.
void write_all(int fd, std::string_view bytes, std::string_view what);

/// "No space left on device" and its kind, for the value errno had.
std::string system_message(int error_number);

/// Makes the folder and those above it. Throws an infrastructure error where it cannot.
void make_folder(const std::filesystem::path& folder);

}  // namespace qh
