#include "image/content/unpacked_member.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

/// Returns the bytes that it has written.
std::uint64_t copy_content(archive* source, int file, const member_place& place,
                           std::uint64_t size) {
    const auto resize = [&](std::uint64_t bytes) {
        if (bytes > place.most_bytes)
            throw infrastructure_error("{}: the content is larger than the {} that may still come",
                                       place.path, format_size(place.most_bytes));
        if (::ftruncate(file, static_cast<off_t>(bytes)) != 0)
            throw infrastructure_error("cannot write {}: {}", place.path, system_message(errno));
    };
    std::uint64_t bytes = 0, written = 0;
    archive_block block;
    while (next_block(source, block, place.path)) {
        // What lies between two blocks is a hole.
        if (block.offset > bytes) resize(block.offset);
        bytes = block.offset + block.bytes.size();
        resize(bytes);
        written += block.bytes.size();
        ::lseek(file, static_cast<off_t>(block.offset), SEEK_SET);
        write_all(file, block.bytes, place.path);
    }
    if (size > bytes) resize(size);
    return written;
}

}  // namespace

std::uint64_t unpack_member(archive* source, archive_entry* member, guest_tree& tree,
                            const member_place& place) {
    const mode_t mode = archive_entry_mode(member);
    std::uint64_t written = 0;
    if (const char* const existing = archive_entry_hardlink(member))
        tree.make_hard_link(place.path, place.path_of(existing));
    else if (S_ISLNK(mode))
        tree.make_link(place.path, archive_entry_symlink(member));
    else if (S_ISDIR(mode))
        tree.make_directory(place.path, mode);
    else if (S_ISREG(mode))
        tree.make_file(place.path, mode, [&](int file) {
            written = copy_content(source, file, place,
                                   static_cast<std::uint64_t>(archive_entry_size(member)));
        });
    return written;
}

}  // namespace qh
