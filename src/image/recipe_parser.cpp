// Reads a recipe: JSON to what a build is told.
#include "image/recipe.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "image/base_tree.hpp"
#include "image/download.hpp"
#include "image/guest_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

// Part of every digest: raise it when the builder makes something else of the same recipe.
constexpr int builder_version = 2;

constexpr std::uint64_t most_uid = 65534;
constexpr const char* name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@-";

bool is_sha256(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
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
        result.append = top.text("append", "");
        result.build_bytes = size(top, "build_space");
        if (top.has("take"))
            result.prebuilt = parse_prebuilt(top);
        else
            parse_trees(top, result);
        top.has("$schema");
        top.finish();
        result.digest = digest();
        return result;
    }

  private:
    void parse_trees(object_reader& top, recipe& result) {
        top.value("initrd");
        result.initrd = parse_initrd();
        if (top.has("disk")) result.disk = parse_disk();
        if (top.value("kernel").is_object())
            result.kernel_file = parse_kernel_file();
        else
            result.kernel_package = top.text("kernel");
        if (top.has("mirror")) result.mirror = top.text("mirror");
        if (uses_packages(result) || top.has("suite")) result.suite = top.text("suite");
        if (uses_packages(result) || top.has("architecture"))
            result.architecture = top.text("architecture");
        if (!result.kernel_file.empty() && !result.initrd.modules.empty())
            throw document_.problem(json_path("/initrd/modules"),
                                    "a kernel that is a file brings no modules; take a package");
    }

    fs::path parse_kernel_file() {
        object_reader object(document_, json_path("/kernel"), "a kernel");
        const fs::path file = folder_ / object.text("from");
        object.finish();
        if (!fs::is_regular_file(file))
            throw object.problem("from", fmt::format("there is no file {}", file.string()));
        sources_ += sha256_hex_of_file(file) + '\n';
        return file;
    }

    prebuilt_recipe parse_prebuilt(object_reader& top) {
        top.value("base");
        object_reader object(document_, json_path("/take"), "what to take");
        prebuilt_recipe result;
        result.base = parse_base(json_path("/base"));
        result.kernel = object.texts("kernel");
        result.initrd = texts(object, "initrd");
        result.disk = texts(object, "disk");
        object.finish();
        return result;
    }

    base_source parse_base(const json_path& at) {
        object_reader object(document_, at, "a base");
        base_source base;
        base.what = object.text("what", "");
        base.from = object.text("from", "");
        base.sha256 = object.text("sha256", "");
        object.finish();
        if (base.from.empty()) {
            if (base.what.empty())
                throw object.problem("expected \"from\", or \"what\" for people to give");
        } else if (!is_web_address(base.from)) {
            base.from = (folder_ / base.from).string();
            if (!fs::exists(base.from))
                throw object.problem("from", fmt::format("there is no {}", base.from));
            sources_ += fingerprint_of_base(base.from) + '\n';
        } else if (base.sha256.empty()) {
            throw object.problem("from", "what is downloaded needs its \"sha256\" too");
        }
        if (!base.sha256.empty() && !is_sha256(base.sha256))
            throw object.problem("sha256", "expected 64 hexadecimal digits in lower case");
        return base;
    }

    initrd_recipe parse_initrd() {
        object_reader object(document_, json_path("/initrd"), "an initrd");
        initrd_recipe result;
        parse_tree(object, result);
        result.modules = texts(object, "modules");
        const auto compression = object.text("compression", "gzip");
        if (compression != "gzip" && compression != "zstd")
            throw object.problem("compression", "\"compression\" is \"gzip\" or \"zstd\"");
        result.zstd = compression == "zstd";
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
                path_in_guest(object.path_of("compile_python"), folder));
        object.finish();
        return result;
    }

    void parse_tree(object_reader& object, tree_recipe& tree) {
        merged_ = !object.has("base");
        if (!merged_) tree.base = parse_base(object.path_of("base"));
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
        for_each_name(object, "users", [&](object_reader& reader, const std::string& name) {
            tree.users[name] = parse_user(reader.path_of(name));
        });
        for_each_name(object, "services", [&](object_reader& reader, const std::string& level) {
            tree.services[level] = reader.texts(level);
        });
    }

    guest_user parse_user(const json_path& at) {
        object_reader object(document_, at, "a user");
        guest_user user;
        if (object.has("uid")) user.uid = static_cast<unsigned>(object.number("uid", 0, most_uid));
        const auto read = [&](std::optional<std::string>& field, const std::string& key) {
            if (!object.has(key)) return;
            field = object.text(key);
            if (field->find_first_of(":\n") != std::string::npos)
                throw object.problem(key, "a \":\" or a line's end cannot stand in /etc/passwd");
        };
        read(user.home, "home");
        read(user.shell, "shell");
        if (object.has("password")) user.password = object.text("password");
        user.groups = texts(object, "groups");
        object.finish();
        return user;
    }

    /// Calls `use(reader, name)` for each name that is a key of the object at `key`.
    template <typename Use>
    void for_each_name(object_reader& object, const std::string& key, Use&& use) {
        if (!object.has(key)) return;
        const json_path at = object.path_of(key);
        object_reader members(document_, at, "a set of names");
        for (const auto& [name, ignored] : document_.root()[at].items()) {
            if (name.empty() || name.find_first_not_of(name_characters) != std::string::npos)
                throw document_.key_problem(at / name, "a name has letters, digits, \"_.@-\"");
            use(members, name);
        }
    }

    /// Calls `use(reader, key, path)` for each guest path that is a key of the object at `name`.
    template <typename Use>
    void for_each_path(object_reader& object, const std::string& name, Use&& use) {
        if (!object.has(name)) return;
        const json_path at = object.path_of(name);
        object_reader members(document_, at, "a set of paths");
        for (const auto& [key, ignored] : document_.root()[at].items())
            use(members, key, path_in_guest(at / key, key));
    }

    guest_file parse_file(const json_path& at) {
        object_reader object(document_, at, "a file");
        guest_file file;
        if (object.has("mode")) file.mode = mode(object, "mode");
        if (object.has("text") + object.has("from") + object.has("join") != 1)
            throw object.problem("expected one of \"text\", \"from\" and \"join\"");
        if (object.has("join"))
            file.joined_folder = path_in_guest(object.path_of("join"), object.text("join"));
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

    /// A guest path "/bin/sh" as guest_path has it, "usr/bin/sh"; the links of usrmerge themselves
    /// keep their names, for the recipe to make. What has a base is as that is.
    std::string path_in_guest(const json_path& at, const std::string& path) const {
        if (!path.starts_with('/') || path.ends_with('/') ||
            ("/" + path + "/").find("/../") != path.npos)
            throw document_.problem(at, "expected an absolute path in the guest, without \"..\"");
        const auto relative = path_within_guest(path.substr(path.find_first_not_of('/')));
        const auto moved = merged_ ? guest_path(relative) : relative;
        return moved.empty() ? relative : moved;
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
    bool merged_ = true;  ///< the tree that is read follows usrmerge
};

}  // namespace

recipe parse_recipe(const std::string& text, const fs::path& path) {
    const auto document = json_document::parse(text, path.string());
    return recipe_parser(document, path.parent_path()).parse(path.stem().string());
}

}  // namespace qh
