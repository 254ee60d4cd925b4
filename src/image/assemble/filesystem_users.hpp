// A recipe's users for a disk that is a filesystem already, as one that a guest has written to.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "image/progress/build_options.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// The id of a group in the text of group(5); 0, root's, where there is none of that name.
unsigned group_id(const std::string& group_file, const std::string& name);

/// write_users for the raw ext4 filesystem `raw`, by debugfs; needs no root. Its shadow file goes
/// to the group "shadow" where there is one. Makes a folder in `work` and removes it. Throws a
/// usage error as write_users does, and an infrastructure error.
void write_users_in_filesystem(const std::filesystem::path& raw,
                               const std::map<std::string, guest_user>& users,
                               const std::filesystem::path& work, const build_options& options);

}  // namespace qh
