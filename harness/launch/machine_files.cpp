#include "launch/machine_files.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/read/file_format.hpp"
#include "riscv/elf_file.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using enum file_format::kind;
using u_boot_header = known_file::u_boot_header;

class given_file {
  public:
    given_file(const char* role, const fs::path& path)
        : role_(role),
          path_(path),
          name_(path.string()),
          fd_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)),
          source_(fd_.get(), size_of(fd_), name_),
          known_(source_) {}

    const known_file& known() const { return known_; }
    bool is_elf() const {
        std::string beginning(std::min<std::uint64_t>(SELFMAG, source_.size()), '\0');
        source_.read(0, beginning);
        return qh::is_elf(beginning);
    }

    elf_file elf() const {
        return with_context(fmt::format("{} {}", role_, printable(name_)),
                            [&] { return read_elf(source_); });
    }

    /// Whether it is, or is packed data of, one of these.
    bool comes_to(std::initializer_list<file_format::kind> kinds) const {
        return std::ranges::any_of(kinds,
                                   [&](auto one) { return known_.is(one) || known_.holds(one); });
    }

    bool is_any(std::initializer_list<file_format::kind> kinds) const {
        return std::ranges::any_of(kinds, [&](auto one) { return known_.is(one); });
    }

    [[noreturn]] void refuse(std::string_view why) const { refuse(known_.what(), why); }

    [[noreturn]] void refuse(std::string_view what, std::string_view why) const {
        throw usage_error("{} {} is {}; {}", role_, printable(name_), what, why);
    }

    /// Says how it is unpacked, too.
    [[noreturn]] void refuse_packed(std::string_view why) const {
        const auto command = known_.unpack_command(path_);
        refuse(fmt::format("{}{}{}", why, command.empty() ? "" : ": ", command));
    }

  private:
    /// Devices and pipes have no beginning that could be looked at beforehand.
    static std::uint64_t size_of(const unique_fd& fd) {
        struct stat status = {};
        if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
        return static_cast<std::uint64_t>(status.st_size);
    }

    const char* role_;
    const fs::path& path_;
    std::string name_;
    unique_fd fd_;
    file_source source_;
    known_file known_;
};

/// QEMU unpacks none but what U-Boot's legacy header calls gzip.
bool is_bootable(const known_file::u_boot_header& header) {
    return header.type == u_boot_header::kernel && header.compression <= u_boot_header::gzip;
}

void check_kernel(const fs::path& path) {
    const given_file file("kernel", path);
    if (file.comes_to({foreign_kernel})) file.refuse("give a kernel for RISC-V");
    if (file.comes_to({container, package, archive, filesystem, disk}))
        file.refuse("it is no kernel");
    if (file.is_any({efi_program}))
        file.refuse("UEFI starts it, QEMU does not; give the kernel in it");
    if (file.is_any({packed, zboot, fit}) ||
        (file.is_any({u_boot_image}) && !is_bootable(file.known().u_boot())))
        file.refuse_packed(
            "QEMU does not unpack it and would start its packed bytes; unpack it first");
    if (file.is_elf() && !file.elf().is_riscv())
        file.refuse("an ELF file for another machine", "give a kernel for RISC-V");
}

void check_initrd(const fs::path& path) {
    const given_file file("initrd", path);
    const bool is_ramdisk =
        file.is_any({u_boot_image}) && file.known().u_boot().type == u_boot_header::ramdisk;
    if (!is_ramdisk && file.comes_to({zboot, kernel, foreign_kernel, efi_program, u_boot_image, fit,
                                      container, package}))
        file.refuse("a kernel takes a cpio archive, which may be packed");
}

void check_drive(const fs::path& path) {
    const given_file file("drive", path);
    const bool is_packed = file.is_any({packed});
    if (is_packed && file.comes_to({disk, filesystem, container}))
        file.refuse_packed("the guest would see the packed bytes; unpack it first");
    if (path.extension() != ".qcow2" && file.is_any({container}))
        file.refuse_packed(
            "the guest would see the image's own bytes; give a qcow2 image a name that ends in "
            ".qcow2, or convert it");
}

}  // namespace

void check_machine_files(const machine_spec& spec) {
    if (!spec.kernel.empty()) check_kernel(spec.kernel);
    if (!spec.initrd.empty()) check_initrd(spec.initrd);
    for (const auto& drive : spec.drives) check_drive(drive);
}

}  // namespace qh
