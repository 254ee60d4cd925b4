// Package scripts in a guest: the scenario scenarios/lib/configure_packages.json on a machine that
// has the image's disk and may write to it.
#pragma once

#include <string>
#include <string_view>

#include "image/progress/build_options.hpp"
#include "image/recipe/recipe.hpp"
#include "launch/image_provider.hpp"

namespace qh {

enum class script_place {
    host_if_it_can,  ///< else a guest
    host,            ///< by qemu-user
    guest
};

/// Has `options` leave the recipe's package scripts, where it has any, to a guest if that is the
/// place for them. What such a guest boots comes from `images` first, which must outlive `options`.
/// Throws an infrastructure error where there is no QEMU, and what building an image throws.
void choose_script_place(const recipe& wanted, script_place place, image_provider& images,
                         build_options& options);

/// Hears in a console's bytes that dpkg sets packages up.
class setting_up {
  public:
    /// How many more it has begun with.
    std::size_t feed(std::string_view bytes);

  private:
    std::string line_;  ///< the open line's beginning
};

}  // namespace qh
