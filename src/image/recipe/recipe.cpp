#include "image/recipe/recipe.hpp"

namespace qh {

base_source* base_of(recipe& wanted) {
    if (wanted.prebuilt) return &wanted.prebuilt->base;
    if (wanted.disk && wanted.disk->base) return &*wanted.disk->base;
    return wanted.initrd.base ? &*wanted.initrd.base : nullptr;
}

bool has_base(const recipe& wanted) {
    return wanted.prebuilt || wanted.initrd.base || (wanted.disk && wanted.disk->base);
}

bool uses_packages(const recipe& wanted) {
    return !wanted.kernel_package.empty() || !wanted.initrd.packages.empty() ||
           (wanted.disk && !wanted.disk->packages.empty());
}

}  // namespace qh
