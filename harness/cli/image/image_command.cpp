#include "cli/image/image_command.hpp"

#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/units.hpp"
#include "cli/image/image_list.hpp"
#include "cli/image/terminal_images.hpp"
#include "image/fetch/download.hpp"
#include "image/image_store.hpp"
#include "image/prune.hpp"
#include "image/recipe_file/load_recipe.hpp"

namespace qh {
namespace {

struct image_arguments {
    std::vector<std::string> names;
    bool refresh = false;
    bool offline = false;
    unsigned jobs = 0;
    bool json = false;
    std::string base;
    std::string sha256;
    std::optional<double> older_than_days;
    std::string keep;
    script_place scripts = script_place::host_if_it_can;
    bool dry_run = false;
};

void print(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
}

/// A recipe with the base that the command line gives it.
recipe recipe_with_base(const image_arguments& arguments) {
    if (arguments.names.size() != 1) throw usage_error("--base is for one image at a time");
    recipe wanted = load_recipe(arguments.names[0]);
    base_source* const base = base_of(wanted);
    if (!base) throw usage_error("image {} has no base that --base could replace", wanted.name);
    const bool is_address = is_web_address(arguments.base);
    if (is_address && arguments.sha256.empty())
        throw usage_error("what is downloaded needs its checksum: --sha256");
    base->from = is_address ? arguments.base : std::filesystem::absolute(arguments.base).string();
    base->sha256 = arguments.sha256;
    return wanted;
}

void build(const image_arguments& arguments) {
    build_options options;
    options.offline = arguments.offline;
    options.jobs = arguments.jobs;
    terminal_images images(options, arguments.scripts);
    const auto print_folder = [](const image& made) { print(made.kernel.parent_path().string()); };
    if (!arguments.base.empty()) return print_folder(images.build(recipe_with_base(arguments)));
    for (const auto& name : arguments.names)
        print_folder(arguments.refresh ? images.build(load_recipe(name))
                                       : images.find_or_build(name));
}

void show_path(const image_arguments& arguments) {
    for (const auto& name : arguments.names) {
        const auto found = find_cached(load_recipe(name));
        if (!found)
            throw usage_error("image {} is not built; build it with: qharness image build {}", name,
                              name);
        print(found->kernel.parent_path().string());
    }
}

void remove(const image_arguments& arguments) {
    for (const auto& name : arguments.names) {
        const auto known = stored_image_names();
        if (std::ranges::find(known, name) == known.end())
            throw usage_error("there is no built image \"{}\"; built images: {}", name,
                              fmt::join(known, ", "));
        image_store store(name);
        const auto turn = store.lock(
            [&] { std::fprintf(stderr, "waiting for a build of %s to finish\n", name.c_str()); },
            nullptr);
        print(fmt::format("removed {} ({})", name, format_size(store.remove())));
    }
}

void list(const image_arguments& arguments) {
    const auto images = list_images();
    fmt::print("{}",
               arguments.json ? dump({{"images", to_json(images)}}, 2) + "\n" : to_text(images));
}

void prune(const image_arguments& arguments) {
    if (!arguments.older_than_days && arguments.keep.empty())
        throw usage_error("say what to remove: --older-than DAYS, --keep SIZE, or both");
    prune_limits limits;
    if (arguments.older_than_days)
        limits.unused_for = std::chrono::duration_cast<std::chrono::seconds>(
            std::chrono::duration<double, std::ratio<86400>>(*arguments.older_than_days));
    if (!arguments.keep.empty()) limits.keep_bytes = parse_memory(arguments.keep);
    std::uint64_t bytes = 0;
    for (const auto& one : images_to_prune(limits, std::filesystem::file_time_type::clock::now())) {
        bytes += one.bytes;
        print(fmt::format("{} {} ({})", arguments.dry_run ? "would remove" : "removed",
                          one.folder.string(), format_size(one.bytes)));
        if (!arguments.dry_run) remove_image(one);
    }
    print(fmt::format("{} in all", format_size(bytes)));
}

CLI::App* add_action(CLI::App* command, int& exit_code,
                     const std::shared_ptr<image_arguments>& arguments, const std::string& name,
                     const std::string& description, void (*action)(const image_arguments&)) {
    CLI::App* const added = command->add_subcommand(name, description);
    added->callback([&exit_code, arguments, action] {
        action(*arguments);
        exit_code = 0;
    });
    return added;
}

}  // namespace

void add_image_command(CLI::App& app, int& exit_code) {
    const auto arguments = std::make_shared<image_arguments>();
    CLI::App* const command =
        app.add_subcommand("image", "Build and look after guest images (kernel, initrd, disk).");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  qharness image build tiny debian-pytorch\n"
        "  qharness image build --refresh debian-pytorch   with Debian's newest packages\n"
        "  qharness image build buildroot --base output/images\n"
        "  qharness image build alpine --base alpine-minirootfs-3.22.2-riscv64.tar.gz\n"
        "  qharness image prune --older-than 30 --keep 5G\n"
        "  ls $(qharness image path tiny)");
    const auto add_names = [&](CLI::App* action) {
        action->add_option("NAME", arguments->names, "An image's name, or a recipe file NAME.json")
            ->required();
    };
    CLI::App* const built =
        add_action(command, exit_code, arguments, "build",
                   "Build images that the cache lacks; print each one's folder.", build);
    add_names(built);
    built->add_flag("--refresh", arguments->refresh,
                    "Look for newer packages even when the image is built");
    built->add_flag("--offline", arguments->offline, "Use only what was downloaded before");
    built->add_option("--jobs", arguments->jobs, "Threads to use; one for each core by default")
        ->check(CLI::Range(1u, 256u));
    built
        ->add_option("--base", arguments->base,
                     "The tarball or folder that the image is made from, or its web address")
        ->type_name("FILE");
    built->add_option("--sha256", arguments->sha256, "The SHA-256 that --base must have")
        ->type_name("SUM");
    built
        ->add_option_function<std::string>(
            "--scripts",
            [arguments](const std::string& place) {
                arguments->scripts = place == "user" ? script_place::host : script_place::guest;
            },
            "Where a recipe's package scripts run: qemu-user, or a guest booted for them; a guest "
            "by default where qemu-user cannot")
        ->check(CLI::IsMember({"user", "guest"}));
    CLI::App* const pruned =
        add_action(command, exit_code, arguments, "prune",
                   "Remove images that were not used for long or take too much room.", prune);
    pruned
        ->add_option("--older-than", arguments->older_than_days,
                     "Remove those not used for this many days")
        ->type_name("DAYS")
        ->check(CLI::NonNegativeNumber);
    pruned
        ->add_option("--keep", arguments->keep,
                     "Remove the longest unused until the rest is no larger")
        ->type_name("SIZE");
    pruned->add_flag("--dry-run", arguments->dry_run, "Only say what would be removed");
    add_action(command, exit_code, arguments, "list", "List images, built or not.", list)
        ->add_flag("--json", arguments->json, "Print one JSON document");
    add_names(add_action(command, exit_code, arguments, "path",
                         "Print the folder of built images: kernel, initrd, maybe disk.qcow2.",
                         show_path));
    add_names(add_action(command, exit_code, arguments, "rm",
                         "Remove everything built for these images; packages stay.", remove));
}

}  // namespace qh
