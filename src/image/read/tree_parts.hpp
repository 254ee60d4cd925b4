// What the readers of all kinds of trees share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "image/read/tree_reader.hpp"

namespace qh {

/// No ELF file is shorter than its header.
inline constexpr std::uint64_t least_program_bytes = 52;

/// Collects the summary's notes, each kind of them a few times.
class note_list {
  public:
    explicit note_list(tree_summary& summary) : summary_(summary) {}
    void add(std::string note);  ///< an empty one is none

    /// Adds how many more there were.
    void finish();

  private:
    tree_summary& summary_;
    std::uint64_t left_out_ = 0;
};

/// Both throw what read_tree throws.
tree_summary read_archive_tree(const byte_source& file, const tree_visitor& visit,
                               const tree_limits& limits);

/// Of the filesystem that begins at byte `begin` of the file or device.
tree_summary read_ext_tree(const std::string& device, std::uint64_t begin,
                           const tree_visitor& visit, const tree_limits& limits);

}  // namespace qh
