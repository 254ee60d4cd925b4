// Reads a recipe: JSON to what a build is told.
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/recipe_file/recipe_check.hpp"
#include "image/recipe_file/recipe_parts.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

// Part of every digest: raise it when the builder makes something else of the same recipe.
constexpr int builder_version = 3;

std::uint64_t size(object_reader& object, const std::string& key) {
    object.value(key);
    return object.memory(key, 0);
}

class recipe_parser {
  public:
    explicit recipe_parser(recipe_input& input) : input_(input) {}

    recipe parse(const std::string& name) {
        object_reader top(input_.document, json_path(), "a recipe");
        recipe result;
        result.name = name;
        attempt([&] {
            result.description = top.text("description");
            if (result.description.empty())
                throw top.problem("description", "a recipe needs a description");
        });
        attempt([&] { result.append = top.text("append", ""); });
        if (top.has("take"))
            parse_prebuilt(top, result);
        else
            parse_trees(top, result);
        attempt([&] { top.text("$schema", ""); });
        top.finish(input_.problems);
        check_tree_recipe(input_, json_path("/initrd"), result.initrd);
        // Scripts, too, add users and groups.
        if (result.disk && !result.disk->scripts)
            check_tree_recipe(input_, json_path("/disk"), *result.disk);
        result.digest = digest();
        return result;
    }

  private:
    template <typename Work>
    void attempt(Work&& work) {
        input_.problems.attempt(std::forward<Work>(work));
    }

    void parse_trees(object_reader& top, recipe& result) {
        attempt([&] { result.build_bytes = size(top, "build_space"); });
        attempt([&] {
            top.value("initrd");
            parse_initrd(result.initrd);
        });
        if (top.has("disk")) attempt([&] { parse_disk(result.disk.emplace()); });
        attempt([&] { parse_kernel(top, result); });
        attempt([&] {
            if (top.has("mirror")) result.mirror = top.text("mirror");
        });
        for (const auto& [key, field] :
             {std::pair("suite", &result.suite), {"architecture", &result.architecture}})
            attempt([&] {
                if (top.has(key) || uses_packages(result)) *field = top.text(key);
            });
        if (!result.kernel_file.empty() && !result.initrd.modules.empty())
            input_.problems.add(
                input_.document.problem(json_path("/initrd/modules"),
                                        "a kernel that is a file brings no modules; take a "
                                        "package"));
    }

    void parse_kernel(object_reader& top, recipe& result) {
        if (!top.value("kernel").is_object()) {
            result.kernel_package = top.text("kernel");
            return;
        }
        object_reader object(input_.document, json_path("/kernel"), "a kernel");
        attempt([&] {
            const fs::path file = input_.folder / object.text("from");
            if (!fs::is_regular_file(file))
                throw object.problem("from",
                                     fmt::format("there is no file {}", printable(file.string())));
            result.kernel_file = file;
            input_.sources += sha256_hex_of_file(file) + '\n';
        });
        object.finish(input_.problems);
    }

    void parse_prebuilt(object_reader& top, recipe& result) {
        auto& taken = result.prebuilt.emplace();
        attempt([&] {
            if (top.has("build_space")) result.build_bytes = size(top, "build_space");
        });
        attempt([&] {
            top.value("base");
            taken.base = read_base(input_, json_path("/base"));
        });
        attempt([&] {
            object_reader object(input_.document, json_path("/take"), "what to take");
            attempt([&] {
                object.value("kernel");
                taken.kernel = object.texts("kernel");
            });
            attempt([&] { taken.initrd = object.texts("initrd"); });
            attempt([&] { taken.disk = object.texts("disk"); });
            object.finish(input_.problems);
        });
    }

    void parse_initrd(initrd_recipe& initrd) {
        object_reader object(input_.document, json_path("/initrd"), "an initrd");
        read_tree_recipe(input_, object, initrd);
        attempt([&] { initrd.modules = object.texts("modules"); });
        attempt([&] {
            const auto compression = object.text("compression", "gzip");
            if (compression != "gzip" && compression != "zstd")
                throw object.problem("compression", "\"compression\" is \"gzip\" or \"zstd\"");
            initrd.zstd = compression == "zstd";
        });
        object.finish(input_.problems);
    }

    void parse_disk(disk_recipe& disk) {
        object_reader object(input_.document, json_path("/disk"), "a disk");
        read_tree_recipe(input_, object, disk);
        attempt([&] { disk.scripts = object.flag("scripts", false); });
        attempt([&] { disk.without = object.texts("without"); });
        attempt([&] { disk.size_bytes = size(object, "size"); });
        attempt([&] {
            for (const auto& folder : object.texts("compile_python"))
                disk.compile_python.push_back(
                    read_path_in_guest(input_, object.path_of("compile_python"), folder, disk));
        });
        object.finish(input_.problems);
    }

    /// The order in which files are read is fixed by the recipe's text, so names need not be in it.
    std::string digest() const {
        return sha256_hex(fmt::format("{}\n{}\n{}", builder_version,
                                      sha256_hex(input_.document.text()), input_.sources));
    }

    recipe_input& input_;
};

}  // namespace

recipe parse_recipe(const json_document& document, const fs::path& path, problem_list& problems) {
    recipe_input input{document, path.parent_path(), problems};
    recipe result;
    problems.attempt([&] { result = recipe_parser(input).parse(path.stem().string()); });
    return result;
}

recipe parse_recipe(const std::string& text, const fs::path& path) {
    problem_list problems;
    auto result = parse_recipe(json_document::parse(text, path.string()), path, problems);
    problems.throw_errors();
    return result;
}

}  // namespace qh
