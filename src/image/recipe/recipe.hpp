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
    std::string content = {};
    std::string joined_folder =
        {};  ///< instead of `content`: a folder's files, one after the other
    unsigned mode = 0644;
};

/// A user to add, or what to change about one whom a package or a base has brought.
struct guest_user {
    std::optional<unsigned> uid = std::nullopt;  ///< also the group's; must be given for a new user
    std::optional<std::string> home = std::nullopt;
    std::optional<std::string> shell = std::nullopt;
    std::optional<std::string> password = std::nullopt;  ///< plain; "" lets in without one
    std::vector<std::string> groups = {};                ///< beyond the user's own
};

/// Where a tree's base comes from, which lies in it before all else.
struct base_source {
    std::string what;    ///< what it is and where people get it
    std::string from;    ///< a path or a web address; empty: whoever builds the image gives it
    std::string sha256;  ///< of the tarball; may be empty for what is on this host
};

/// One file tree of a guest. Paths are relative to its root, and usrmerged unless it has a base.
struct tree_recipe {
    std::optional<base_source> base;  ///< a tarball or a folder
    std::vector<std::string> packages;
    std::vector<std::string> exclude;             ///< patterns; see path_exclusions
    std::map<std::string, unsigned> directories;  ///< path → mode
    std::map<std::string, std::string> links;     ///< path → target
    std::map<std::string, guest_file> files;
    std::map<std::string, guest_user> users;
    /// Run level of OpenRC or target of systemd → what it starts.
    std::map<std::string, std::vector<std::string>> services;
};

/// The initramfs: exactly the packages named, without what they depend on.
struct initrd_recipe : tree_recipe {
    std::vector<std::string> modules;  ///< kernel modules to put into /modules, in load order
    bool zstd = false;                 ///< compressed so, else with gzip
};

/// The root disk: the packages named and all they depend on.
struct disk_recipe : tree_recipe {
    std::vector<std::string> without;         ///< packages to leave out although others need them
    bool scripts = false;                     ///< the packages' maintainer scripts are run
    std::vector<std::string> compile_python;  ///< folders whose modules are byte-compiled
    std::uint64_t size_bytes = 0;
};

/// An image that another tool has made: the first file of each list that its folder has.
struct prebuilt_recipe {
    base_source base;                 ///< a folder
    std::vector<std::string> kernel;  ///< one must be there, and one of an initrd or a disk
    std::vector<std::string> initrd;
    std::vector<std::string> disk;  ///< a raw filesystem, the root where there is no initrd
};

struct recipe {
    std::string name;  ///< the file's name without ".json"
    std::string description;
    std::string suite;                  ///< of Debian: "trixie"
    std::string architecture;           ///< as Debian names it: "riscv64"
    std::optional<std::string> mirror;  ///< base address of a Debian archive
    std::string kernel_package;         ///< the metapackage, or a kernel package itself; or
    std::filesystem::path kernel_file;  ///< a kernel that is there
    std::string append;                 ///< kernel arguments beyond console=ttyS0
    std::uint64_t build_bytes = 0;      ///< free space that a build needs
    initrd_recipe initrd;
    std::optional<disk_recipe> disk;
    std::optional<prebuilt_recipe> prebuilt;  ///< nothing else is set then but name and append
    std::string digest;  ///< of the recipe's text, its files and the builder; 64 hex digits
};

/// The base that whoever builds the image may replace; null where it has none.
base_source* base_of(recipe& wanted);

bool has_base(const recipe& wanted);

/// Whether a package archive is asked for anything.
bool uses_packages(const recipe& wanted);

}  // namespace qh
