// A guest's users, in the files that describe them: passwd(5), group(5), shadow(5).
#pragma once

#include <map>
#include <string>

#include "image/content/guest_tree.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// What the three files say.
struct user_files {
    std::string passwd, group, shadow;
};

/// The files with `users` added, or changed where they are there. Passwords are hashed with a salt
/// made of the name and the password, so that the same recipe gives the same bytes. Throws a usage
/// error: a new user without a uid, a group that is not there.
user_files with_users(user_files files, const std::map<std::string, guest_user>& users);

/// The files in the tree's etc; empty where there are none.
user_files users_in(const guest_tree& tree);

/// Brings the files in the tree's etc up to that.
void write_users(guest_tree& tree, const std::map<std::string, guest_user>& users);

}  // namespace qh
