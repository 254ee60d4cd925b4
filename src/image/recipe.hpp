// A recipe: what a guest image is made of, as data (images/NAME.json).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qh {

/// A file that the recipe itself brings into a guest.
struct guest_file {
    std::string content;
    std::string joined_folder;  ///< instead of `content`: a folder's files, one after the other
    unsigned mode = 0644;
};

/// One file tree of a guest. Paths are relative to its root and usrmerged.
struct tree_recipe {
    std::vector<std::string> packages;
    std::vector<std::string> exclude;             ///< patterns; see path_exclusions
    std::map<std::string, unsigned> directories;  ///< path → mode
    std::map<std::string, std::string> links;     ///< path → target
    std::map<std::string, guest_file> files;
};

/// The initramfs: exactly the packages named, without what they depend on.
struct initrd_recipe : tree_recipe {
    std::vector<std::string> modules;  ///< kernel modules to put into /modules, in load order
};

/// The root disk: the packages named and all they depend on.
struct disk_recipe : tree_recipe {
    std::vector<std::string> without;         ///< packages to leave out although others need them
    std::vector<std::string> compile_python;  ///< folders whose modules are byte-compiled
    std::uint64_t size_bytes = 0;
};

struct recipe {
    std::string name;  ///< the file's name without ".json"
    std::string description;
    std::string suite;                  ///< of Debian: "trixie"
    std::string architecture;           ///< as Debian names it: "riscv64"
    std::optional<std::string> mirror;  ///< base address of a Debian archive
    std::string kernel_package;         ///< the metapackage, or a kernel package itself
    std::string append;                 ///< kernel arguments beyond console=ttyS0
    std::uint64_t build_bytes = 0;      ///< free space that a build needs
    initrd_recipe initrd;
    std::optional<disk_recipe> disk;
    std::string digest;  ///< of the recipe's text, its files and the builder; 64 hex digits
};

/// The recipe `name_or_path`: a name in `images/` of the data directory, or a path to a .json
/// file (what contains a `/` or ends in ".json"). Throws a usage error: for an unknown name one
/// that lists the names, for a wrong recipe one that points at file:line:column.
recipe load_recipe(const std::string& name_or_path);

/// The names of the recipes in the data directory, sorted.
std::vector<std::string> recipe_names();

/// Reads a recipe's text. `path` names it in diagnostics; files are taken from beside it.
recipe parse_recipe(const std::string& text, const std::filesystem::path& path);

}  // namespace qh
