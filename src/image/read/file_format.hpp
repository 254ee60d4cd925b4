// What a file is by its first bytes, as far as people give it for a kernel, an initrd or a disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"

namespace qh {

struct file_format {
    enum class kind {
        packed,  ///< by a compressor
        zboot,
        kernel,
        foreign_kernel,
        u_boot_image,
        fit,
        efi_program,
        container,  ///< a disk image of a hypervisor's own format
        package,
        archive,
        filesystem,
        disk
    };
    kind is;
    std::uint64_t magic_at;
    std::string_view magic;
    std::string_view name;    ///< "a squashfs filesystem"; of a compressor its own
    std::string_view unpack;  ///< a command, {0} is the file and {1} what comes out; may be empty
};

/// What is known of a file.
class known_file {
  public:
    /// Looks at the beginning, and of packed data also at what they unpack to. Throws what `file`
    /// throws; data that cannot be unpacked are no more than packed.
    explicit known_file(const byte_source& file);

    bool is(file_format::kind what) const { return outer_ && outer_->is == what; }
    bool holds(file_format::kind what) const { return inner_ && inner_->is == what; }
    bool is_known() const { return outer_; }

    /// "a disk with partitions, packed with xz"; empty where nothing is known.
    std::string what() const;

    /// The command that unpacks or converts the file at `path`, for a shell; empty where there is
    /// none.
    std::string unpack_command(const std::filesystem::path& path) const;

    /// Of an image with U-Boot's legacy header: ih_type and ih_comp (U-Boot, include/image.h).
    struct u_boot_header {
        enum type { kernel = 2, ramdisk = 3 };
        enum compression { none = 0, gzip = 1 };
        unsigned type = 0, compression = 0;
    };
    u_boot_header u_boot() const;

  private:
    std::string zboot_command(const std::filesystem::path& path) const;

    std::string beginning_;
    const file_format *outer_ = nullptr, *inner_ = nullptr;
};

}  // namespace qh
