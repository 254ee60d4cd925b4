// The ELF files of a tree, each read once.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "image/read/tree_reader.hpp"
#include "riscv/elf_isa.hpp"

namespace qh {

class program_survey {
  public:
    struct program {
        elf_isa isa;
        std::string unreadable;  ///< why nothing of it is known; empty where it is
    };

    /// Takes one of the tree's entries; what stood at its path before is gone. Safe to call from
    /// several threads.
    void add(const tree_entry& entry);

    /// By their paths.
    const std::map<std::string, program>& programs() const& { return programs_; }

    /// Whether every file that says that it is an ELF file could be read as one.
    bool all_readable() const;

    /// The path of the file that a process with this tree as its root finds at `path`, through
    /// symbolic links; `path` itself where a link leads nowhere or in a circle.
    std::string resolve(const std::string& path) const;

  private:
    std::mutex mutex_;
    std::map<std::string, program> programs_;
    std::map<std::string, std::string> links_;
};

}  // namespace qh
