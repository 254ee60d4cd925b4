// A Buildroot configuration, as Kconfig reads it: a defconfig, or a whole .config.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem_list.hpp"

namespace qh {

/// What a configuration says of one symbol.
struct config_entry {
    std::string value;     ///< "y", "n" (also for "# X is not set"), a number, a string's content
    std::size_t line = 0;  ///< from 1
};

class buildroot_config {
  public:
    /// What cannot be read becomes a warning, since make passes it over too. `name` stands in
    /// warnings. Throws a usage error on what is no text.
    static buildroot_config parse(std::string_view text, const std::string& name);

    /// Reads a file of at most 4 MiB. Throws a usage error where it cannot.
    static std::string read(const std::filesystem::path& path);

    const config_entry* find(std::string_view symbol) const;
    bool is_on(std::string_view symbol) const;

    /// Whether the text itself says that it is off; a symbol that it does not name may be on by
    /// default.
    bool is_off(std::string_view symbol) const;

    /// A size as Buildroot's file systems take it, in bytes: "60M", "24G"; KiB without a suffix.
    std::optional<double> size_bytes(std::string_view symbol) const;

    /// Whether Kconfig wrote it: then each symbol in it is one that its tree knows.
    bool is_complete() const { return complete_; }

    /// Of a .config, "2024.02"; else empty.
    const std::string& release() const { return release_; }

    const std::vector<problem>& warnings() const& { return warnings_; }
    std::vector<problem> warnings() && { return std::move(warnings_); }

  private:
    friend class config_reader;

    std::map<std::string, config_entry, std::less<>> entries_;
    std::vector<problem> warnings_;
    std::string release_;
    bool complete_ = false;
};

}  // namespace qh
