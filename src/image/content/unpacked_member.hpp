// One member of an archive, put into a guest's tree.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <functional>
#include <string>
#include <string_view>

#include "image/content/guest_tree.hpp"

namespace qh {

/// Where a member goes.
struct member_place {
    std::string path;                                      ///< in the tree
    std::function<std::string(std::string_view)> path_of;  ///< of the file a hard link names
    std::uint64_t most_bytes = std::uint64_t(64) << 30;    ///< of content
};

/// Puts a file, folder or link into `tree`, owned by us, and leaves devices out; returns the bytes
/// of its content. Throws an infrastructure error, also where the content is larger than allowed.
std::uint64_t unpack_member(archive* source, archive_entry* member, guest_tree& tree,
                            const member_place& place);

}  // namespace qh
