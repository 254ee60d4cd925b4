// A build from recipe to cache: what it is made of, whether that was made before, and the record.
#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/locations.hpp"
#include "base/units.hpp"
#include "image/assemble/disk.hpp"
#include "image/assemble/image_builder.hpp"
#include "image/assemble/prebuilt.hpp"
#include "image/content/base_tree.hpp"
#include "image/content/kernel_modules.hpp"
#include "image/image_store.hpp"
#include "image/package/package_choice.hpp"
#include "image/package/package_scripts.hpp"
#include "image/progress/build_phases.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

void check_space(const fs::path& folder, std::uint64_t needed) {
    std::error_code unknown;
    const auto free = fs::space(folder, unknown).available;
    if (!unknown && free < needed)
        throw infrastructure_error(
            "building this image takes {} of disk space and {} has {} left; make room, or set "
            "QHARNESS_CACHE_DIR to a folder elsewhere",
            format_size(needed), folder.string(), format_size(free));
}

/// Of the recipe, the bases and the packages, which together make the image.
std::string digest_of(const recipe& from, const base_paths& bases, const package_choice& packages) {
    std::string text = from.digest + '\n';
    for (const auto* const base : {&bases.prebuilt, &bases.initrd, &bases.disk})
        if (!base->empty()) text += digest_of_base(*base) + '\n';
    for (const auto& one : packages.in_guest()) text += one.file_name + ' ' + one.sha256 + '\n';
    return sha256_hex(text);
}

base_paths find_bases(const recipe& wanted, build_phases& phases) {
    const auto downloads = cache_directory() / "downloads";
    base_paths found;
    if (wanted.prebuilt) found.prebuilt = find_base(wanted.prebuilt->base, downloads, phases);
    if (wanted.initrd.base) found.initrd = find_base(*wanted.initrd.base, downloads, phases);
    if (wanted.disk && wanted.disk->base)
        found.disk = find_base(*wanted.disk->base, downloads, phases);
    return found;
}

image build_in_turn(const recipe& wanted, image_store& store, build_phases& phases) {
    const auto bases = find_bases(wanted, phases);
    check_space(store.folder(), wanted.build_bytes);
    if (wanted.disk || wanted.prebuilt) check_disk_tools(phases.options());
    if (wanted.disk && wanted.disk->scripts) check_script_tools(wanted, phases.options());
    const auto packages = uses_packages(wanted) ? choose_packages(wanted, cache_directory(), phases)
                                                : package_choice();
    if (has_kernel_in_disk(packages)) check_module_tools();
    if (wanted.disk && wanted.disk->scripts) check_has_dpkg(packages.disk);
    image made;
    made.name = wanted.name;
    made.digest = digest_of(wanted, bases, packages);
    made.append = wanted.append;
    if (auto same = store.find(made.digest)) {
        store.point(wanted.digest, made.digest);
        return *same;
    }
    const temporary_directory work(store.folder(), image_store::unfinished);
    build_record record;
    const fs::path built = work.path() / "result";
    if (wanted.prebuilt) {
        made.append += take_prebuilt(*wanted.prebuilt, bases.prebuilt, built, phases);
    } else {
        record.kernel_version =
            make_image({wanted, packages, bases, made.digest}, work.path(), phases);
    }
    record.seconds = phases.seconds();
    for (const auto& one : packages.in_guest()) record.packages[one.name] = one.version;
    return store.keep(built, std::move(made), wanted, record);
}

}  // namespace

std::optional<image> find_cached(const recipe& wanted) {
    return image_store(wanted.name).find_by_recipe(wanted.digest);
}

image build_image(const recipe& wanted, const build_options& options) {
    return with_context(fmt::format("image {}", wanted.name), [&] {
        build_phases phases(options);
        image_store store(wanted.name);
        bool waited = false;
        const auto wait = [&] {
            waited = true;
            phases.report({.phase = "wait"});
        };
        const auto turn = store.lock(wait, options.stop);
        // Whoever held the lock was building this image, though perhaps of another base.
        if (waited && !has_base(wanted))
            if (auto made = store.find_by_recipe(wanted.digest)) return *made;
        store.remove_unfinished();
        return build_in_turn(wanted, store, phases);
    });
}

}  // namespace qh
