#include "image/read/qcow2.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/error.hpp"
#include "base/locations.hpp"
#include "base/units.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_disk_bytes = 64ull << 30;
constexpr std::size_t backing_file_at = 8, size_at = 24, incompatible_at = 72, header_bytes = 104;
constexpr std::uint64_t external_data = 1u << 2;

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

bool is_version_3(std::string_view header) {
    return header[7] == 3;
}

/// The size of the disk.
std::uint64_t check_header(std::string_view header) {
    if (header.size() < header_bytes) throw usage_error("the qcow2 image is cut");
    if (number_at(header, backing_file_at) != 0 ||
        (is_version_3(header) && (number_at(header, incompatible_at) & external_data)))
        throw usage_error(
            "the qcow2 image leans on another file; make a whole one of it and give that: "
            "qemu-img convert -O qcow2 THIS whole.qcow2");
    const auto size = number_at(header, size_at);
    if (size > most_disk_bytes) throw usage_error("the disk has {}", format_size(size));
    return size;
}

unique_fd make_nameless_file(std::uint64_t size) {
    const auto folder = cache_directory();
    std::error_code failed;
    fs::create_directories(folder, failed);
    unique_fd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0)
        throw infrastructure_error("cannot make a temporary file in {}: {}", folder.string(),
                                   system_message(errno));
    return file;
}

}  // namespace

bool is_qcow2(std::string_view beginning) {
    return beginning.starts_with("QFI\xfb");
}

unique_fd unpack_qcow2(const fs::path& path, std::string_view beginning) {
    auto raw = make_nameless_file(check_header(beginning));
    tool_command convert;
    convert.argv = {"qemu-img",
                    "convert",
                    "-f",
                    "qcow2",
                    "-O",
                    "raw",
                    "-n",
                    "--target-is-zero",
                    "-W",
                    "-m",
                    "4",
                    fs::absolute(path),
                    fmt::format("/proc/{}/fd/{}", ::getpid(), raw.get())};
    run_tool(convert);
    return raw;
}

}  // namespace qh
