#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "base/error.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::string format_limit(std::size_t bytes) {
    constexpr std::size_t mebibyte = 1u << 20;
    return bytes % mebibyte == 0 ? fmt::format("{} MiB", bytes / mebibyte)
                                 : fmt::format("{} bytes", bytes);
}

}  // namespace

unique_fd& unique_fd::operator=(unique_fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void unique_fd::reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

temporary_directory::temporary_directory(const fs::path& parent, std::string_view prefix) {
    std::string pattern = (parent / fmt::format("{}-XXXXXX", prefix)).string();
    if (!::mkdtemp(pattern.data()))
        throw infrastructure_error("cannot make a temporary folder in {}: {}", parent.string(),
                                   system_message(errno));
    path_ = pattern;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string read_file(const fs::path& path, std::size_t limit_bytes) {
    // What is no plain file might never end, and opening a FIFO waits for its writer.
    const unique_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0)
        throw usage_error("cannot open {}: {}", path.string(), system_message(errno));
    if (S_ISDIR(status.st_mode))
        throw usage_error("cannot read {}: {}", path.string(), system_message(EISDIR));
    if (!S_ISREG(status.st_mode))
        throw usage_error("cannot read {}: it is no regular file", path.string());
    const auto check_size = [&](std::size_t size) {
        if (size > limit_bytes)
            throw usage_error("{} is larger than the limit of {}", path.string(),
                              format_limit(limit_bytes));
    };
    check_size(static_cast<std::size_t>(status.st_size));
    std::string content;
    for (;;) {
        constexpr std::size_t chunk = 1 << 16;
        const std::size_t used = content.size();
        content.resize(used + chunk);
        const ssize_t got = ::read(fd.get(), content.data() + used, chunk);
        if (got < 0) throw usage_error("cannot read {}: {}", path.string(), system_message(errno));
        content.resize(used + static_cast<std::size_t>(got));
        check_size(content.size());
        if (got == 0) return content;
    }
}

void for_each_block(const fs::path& path, const std::function<void(std::string_view)>& use) {
    const unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        throw infrastructure_error("cannot read {}: {}", path.string(), system_message(errno));
    std::vector<char> buffer(1 << 18);
    while (true) {
        const auto got = ::read(file.get(), buffer.data(), buffer.size());
        if (got == 0) return;
        if (got > 0)
            use({buffer.data(), static_cast<std::size_t>(got)});
        else if (errno != EINTR)
            throw infrastructure_error("cannot read {}: {}", path.string(), system_message(errno));
    }
}

void write_file_atomically(const fs::path& path, std::string_view content) {
    const fs::path partial = path.string() + fmt::format(".{}.partial", ::getpid());
    {
        const unique_fd fd(::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!fd)
            throw infrastructure_error("cannot write {}: {}", path.string(), system_message(errno));
        write_all(fd.get(), content, path.string());
    }
    if (::rename(partial.c_str(), path.c_str()) != 0)
        throw infrastructure_error("cannot write {}: {}", path.string(), system_message(errno));
}

void write_all(int fd, std::string_view bytes, std::string_view what) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            throw infrastructure_error("cannot write {}: {}", what, system_message(errno));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string system_message(int error_number) {
    return std::system_category().message(error_number);
}

void make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw infrastructure_error("cannot make {}: {}", folder.string(), failed.message());
}

}  // namespace qh
