// What the readers of archives, filesystems, partitions and qcow2 images promise, whatever the
// bytes: they end, stay within their limits, and blame the file.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/read/file_programs.hpp"
#include "image/read/partitions.hpp"
#include "image/read/tree_reader.hpp"
#include "process/tool.hpp"
#include "promise.hpp"
#include "riscv/elf_isa.hpp"

// qemu-img would be started for what passes for a qcow2 image: thousands of times a second.
std::string qh::run_tool(const tool_command&) {
    throw usage_error("no program is run here");
}

namespace {

constexpr qh::tree_limits limits{.files = 2000, .unpacked_bytes = 8u << 20};

template <typename Work>
void blaming_the_file(Work work) {
    try {
        work();
    } catch (const qh::error& e) {
        promise(e.kind() == qh::fault::usage, e.what());
        promise(qh::is_valid_utf8(qh::printable(e.what())), "the message can be shown");
    }
}

void look_at(const qh::tree_entry& entry) {
    promise(!entry.path.starts_with('/'), "paths are relative");
    promise(("/" + entry.path + "/").find("/../") == std::string::npos, "paths stay in the tree");
    if (entry.program) blaming_the_file([&] { qh::read_elf_isa(*entry.program); });
}

/// The bytes as a file that has no name.
class memory_file {
  public:
    explicit memory_file(std::string_view bytes) : fd_(::memfd_create("tree", MFD_CLOEXEC)) {
        promise(fd_ >= 0 && ::write(fd_, bytes.data(), bytes.size()) >= 0, "there is memory");
    }
    ~memory_file() { ::close(fd_); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

  private:
    int fd_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    blaming_the_file([&] {
        const memory_file file(bytes);
        qh::read_tree(file.path(), 1, look_at, limits);
    });
    const qh::text_source source(bytes);
    for (const auto* const name : {"lib.a", "m.ko.xz"})
        blaming_the_file([&] { qh::visit_programs(name, source, look_at); });
    blaming_the_file([&] {
        const auto found = qh::only_ext_partition(source);
        promise(found.begin < bytes.size(), "a filesystem is on the disk");
    });
    return 0;
}
