#include "cli/image_command.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/units.hpp"
#include "cli/image_list.hpp"
#include "cli/image_progress.hpp"
#include "image/image_store.hpp"

namespace qh {
namespace {

struct image_arguments {
    std::vector<std::string> names;
    bool refresh = false;
    bool offline = false;
    unsigned jobs = 0;
    bool json = false;
};

void print(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
}

void build(const image_arguments& arguments) {
    build_options options;
    options.offline = arguments.offline;
    options.jobs = arguments.jobs;
    for (const auto& name : arguments.names) {
        const recipe wanted = load_recipe(name);
        const image made = arguments.refresh ? build_with_progress(wanted, options)
                                             : cached_or_built(wanted, options);
        print(made.kernel.parent_path().string());
    }
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
    add_action(command, exit_code, arguments, "list", "List images, built or not.", list)
        ->add_flag("--json", arguments->json, "Print one JSON document");
    add_names(add_action(command, exit_code, arguments, "path",
                         "Print the folder of built images: kernel, initrd, maybe disk.qcow2.",
                         show_path));
    add_names(add_action(command, exit_code, arguments, "rm",
                         "Remove everything built for these images; packages stay.", remove));
}

}  // namespace qh
