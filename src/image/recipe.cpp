#include "image/recipe.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/locations.hpp"
#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "image/guest_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

// Part of every digest: raise it when the builder makes something else of the same recipe.
constexpr int builder_version = 1;

/// A guest path "/bin/sh" as guest_path has it, "usr/bin/sh"; the links of usrmerge themselves
/// keep their names, for the recipe to make.
std::string parse_guest_path(const json_document& document, const json_path& at,
                             const std::string& path) {
    if (!path.starts_with('/') || path.ends_with('/') ||
        ("/" + path + "/").find("/../") != path.npos)
        throw document.problem(at, "expected an absolute path in the guest, without \"..\"");
    const std::string relative = path.substr(path.find_first_not_of('/'));
    const std::string moved = guest_path(relative);
    return moved.empty() ? relative : moved;
}

/// Reads one recipe; notes the files it brings for the digest.
class recipe_parser {
  public:
    recipe_parser(const json_document& document, const fs::path& folder)
        : document_(document), folder_(folder) {}

    recipe parse(const std::string& name) {
        object_reader top(document_, json_path(), "a recipe");
        recipe result;
        result.name = name;
        result.description = top.text("description");
        result.suite = top.text("suite");
        result.architecture = top.text("architecture");
        if (top.has("mirror")) result.mirror = top.text("mirror");
        result.kernel_package = top.text("kernel");
        result.append = top.text("append", "");
        result.build_bytes = size(top, "build_space");
        top.value("initrd");
        result.initrd = parse_initrd();
        if (top.has("disk")) result.disk = parse_disk();
        top.has("$schema");
        top.finish();
        result.digest = digest();
        return result;
    }

  private:
    initrd_recipe parse_initrd() {
        object_reader object(document_, json_path("/initrd"), "an initrd");
        initrd_recipe result;
        parse_tree(object, result);
        result.modules = texts(object, "modules");
        object.finish();
        return result;
    }

    disk_recipe parse_disk() {
        object_reader object(document_, json_path("/disk"), "a disk");
        disk_recipe result;
        parse_tree(object, result);
        result.without = texts(object, "without");
        result.size_bytes = size(object, "size");
        for (const auto& folder : texts(object, "compile_python"))
            result.compile_python.push_back(
                parse_guest_path(document_, object.path_of("compile_python"), folder));
        object.finish();
        return result;
    }

    void parse_tree(object_reader& object, tree_recipe& tree) {
        tree.packages = texts(object, "packages");
        tree.exclude = texts(object, "exclude");
        for_each_path(object, "directories",
                      [&](object_reader& reader, const std::string& key, const std::string& path) {
                          tree.directories[path] = mode(reader, key);
                      });
        for_each_path(object, "links",
                      [&](object_reader& reader, const std::string& key, const std::string& path) {
                          tree.links[path] = reader.text(key);
                      });
        for_each_path(object, "files",
                      [&](object_reader& reader, const std::string& key, const std::string& path) {
                          tree.files[path] = parse_file(reader.path_of(key));
                      });
    }

    /// Calls `use(reader, key, path)` for each guest path that is a key of the object at `name`.
    template <typename Use>
    void for_each_path(object_reader& object, const std::string& name, Use&& use) {
        if (!object.has(name)) return;
        const json_path at = object.path_of(name);
        object_reader members(document_, at, "a set of paths");
        for (const auto& [key, ignored] : document_.root()[at].items())
            use(members, key, parse_guest_path(document_, at / key, key));
    }

    guest_file parse_file(const json_path& at) {
        object_reader object(document_, at, "a file");
        guest_file file;
        if (object.has("mode")) file.mode = mode(object, "mode");
        if (object.has("text") + object.has("from") + object.has("join") != 1)
            throw object.problem("expected one of \"text\", \"from\" and \"join\"");
        if (object.has("join"))
            file.joined_folder =
                parse_guest_path(document_, object.path_of("join"), object.text("join"));
        if (object.has("text")) file.content = object.text("text");
        if (object.has("from")) {
            const fs::path source = folder_ / object.text("from");
            if (!fs::is_regular_file(source))
                throw object.problem("from", fmt::format("there is no file {}", source.string()));
            file.content = read_file(source);
            sources_ += sha256_hex(file.content) + '\n';
        }
        object.finish();
        return file;
    }

    static std::vector<std::string> texts(object_reader& object, const std::string& key) {
        return object.has(key) ? object.texts(key) : std::vector<std::string>();
    }

    static std::uint64_t size(object_reader& object, const std::string& key) {
        object.value(key);
        return object.memory(key, 0);
    }

    static unsigned mode(object_reader& object, const std::string& key) {
        const std::string digits = object.text(key);
        const bool octal = !digits.empty() && digits.size() <= 4 &&
                           digits.find_first_not_of("01234567") == std::string::npos;
        if (!octal) throw object.problem(key, "expected a mode in octal digits, as in \"0755\"");
        return static_cast<unsigned>(std::stoul(digits, nullptr, 8));
    }

    /// The order in which files are read is fixed by the recipe's text, so names need not be in it.
    std::string digest() const {
        return sha256_hex(
            fmt::format("{}\n{}\n{}", builder_version, sha256_hex(document_.text()), sources_));
    }

    const json_document& document_;
    fs::path folder_;
    std::string sources_;
};

fs::path recipe_folder() {
    return data_directory() / "images";
}

error unknown_recipe(const std::string& name) {
    const auto names = recipe_names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string near = closest(name, views);
    return usage_error("there is no image \"{}\"{}; images: {}; or name a recipe file (NAME.json)",
                       printable(name),
                       near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near),
                       fmt::join(names, ", "));
}

}  // namespace

recipe parse_recipe(const std::string& text, const fs::path& path) {
    const auto document = json_document::parse(text, path.string());
    return recipe_parser(document, path.parent_path()).parse(path.stem().string());
}

recipe load_recipe(const std::string& name_or_path) {
    fs::path path = name_or_path;
    if (name_or_path.find('/') == std::string::npos && path.extension() != ".json") {
        path = recipe_folder() / (name_or_path + ".json");
        if (!fs::is_regular_file(path)) throw unknown_recipe(name_or_path);
    }
    return parse_recipe(read_file(path), path);
}

std::vector<std::string> recipe_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(recipe_folder()))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

}  // namespace qh
