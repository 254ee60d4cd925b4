#include "image/recipe_file/recipe_parts.hpp"

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/content/base_tree.hpp"
#include "image/content/guest_path.hpp"
#include "image/fetch/download.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_uid = 65534;
constexpr const char* name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@-";

bool is_sha256(const std::string& text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

unsigned mode(object_reader& object, const std::string& key) {
    const std::string digits = object.text(key);
    const bool octal = !digits.empty() && digits.size() <= 4 &&
                       digits.find_first_not_of("01234567") == std::string::npos;
    if (!octal) throw object.problem(key, "expected a mode in octal digits, as in \"0755\"");
    return static_cast<unsigned>(std::stoul(digits, nullptr, 8));
}

/// Reads one tree.
class tree_recipe_reader {
  public:
    tree_recipe_reader(recipe_input& input, object_reader& object, tree_recipe& tree)
        : input_(input), object_(object), tree_(tree) {}

    void read() {
        if (object_.has("base"))
            attempt([&] {
                tree_.base = base_source();  // counts already where it is wrong
                tree_.base = read_base(input_, object_.path_of("base"));
            });
        attempt([&] { tree_.packages = object_.texts("packages"); });
        attempt([&] { tree_.exclude = object_.texts("exclude"); });
        for_each_path("directories", [&](object_reader& reader, const std::string& key) {
            tree_.directories[path_of(reader, key)] = mode(reader, key);
        });
        for_each_path("links", [&](object_reader& reader, const std::string& key) {
            tree_.links[path_of(reader, key)] = reader.text(key);
        });
        for_each_path("files", [&](object_reader& reader, const std::string& key) {
            tree_.files[path_of(reader, key)] = read_file_recipe(reader.path_of(key));
        });
        for_each_name("users", [&](object_reader& reader, const std::string& name) {
            tree_.users[name] = read_user(reader.path_of(name));
        });
        for_each_name("services", [&](object_reader& reader, const std::string& level) {
            tree_.services[level] = reader.texts(level);
        });
    }

  private:
    template <typename Work>
    void attempt(Work&& work) {
        input_.problems.attempt(std::forward<Work>(work));
    }

    std::string path_of(const object_reader& reader, const std::string& key) const {
        return read_path_in_guest(input_, reader.path_of(key), key, tree_);
    }

    /// Calls `use(reader, key)` for each key of the object at `name`.
    template <typename Use>
    void for_each_key(const std::string& name, const char* what, Use&& use) {
        if (!object_.has(name)) return;
        attempt([&] {
            const json_path at = object_.path_of(name);
            object_reader members(input_.document, at, what);
            for (const auto& [key, ignored] : input_.document.root()[at].items())
                attempt([&] { use(members, key); });
        });
    }

    template <typename Use>
    void for_each_path(const std::string& name, Use&& use) {
        for_each_key(name, "a set of paths", std::forward<Use>(use));
    }

    template <typename Use>
    void for_each_name(const std::string& key, Use&& use) {
        for_each_key(key, "a set of names", [&](object_reader& members, const std::string& name) {
            if (name.empty() || name.find_first_not_of(name_characters) != std::string::npos)
                throw members.key_problem(name, "a name has letters, digits, \"_.@-\"");
            use(members, name);
        });
    }

    guest_file read_file_recipe(const json_path& at) {
        object_reader object(input_.document, at, "a file");
        guest_file file;
        attempt([&] {
            if (object.has("mode")) file.mode = mode(object, "mode");
        });
        attempt([&] { read_content(object, file); });
        object.finish(input_.problems);
        return file;
    }

    void read_content(object_reader& object, guest_file& file) {
        if (object.has("text") + object.has("from") + object.has("join") != 1)
            throw object.problem("expected one of \"text\", \"from\" and \"join\"");
        if (object.has("join"))
            file.joined_folder =
                read_path_in_guest(input_, object.path_of("join"), object.text("join"), tree_);
        if (object.has("text")) file.content = object.text("text");
        if (object.has("from")) {
            const fs::path source = input_.folder / object.text("from");
            if (!fs::is_regular_file(source))
                throw object.problem(
                    "from", fmt::format("there is no file {}", printable(source.string())));
            file.content = read_file(source);
            input_.sources += sha256_hex(file.content) + '\n';
        }
    }

    guest_user read_user(const json_path& at) {
        object_reader object(input_.document, at, "a user");
        guest_user user;
        attempt([&] {
            if (object.has("uid"))
                user.uid = static_cast<unsigned>(object.number("uid", 0, most_uid));
        });
        const auto read = [&](std::optional<std::string>& field, const std::string& key) {
            if (!object.has(key)) return;
            field = object.text(key);
            if (field->find_first_of(":\n") != std::string::npos)
                throw object.problem(key, "a \":\" or a line's end cannot stand in /etc/passwd");
        };
        attempt([&] { read(user.home, "home"); });
        attempt([&] { read(user.shell, "shell"); });
        attempt([&] {
            if (object.has("password")) user.password = object.text("password");
        });
        attempt([&] { user.groups = object.texts("groups"); });
        object.finish(input_.problems);
        return user;
    }

    recipe_input& input_;
    object_reader& object_;
    tree_recipe& tree_;
};

/// What is on this host is there, and its state is part of the digest.
std::string read_origin(recipe_input& input, object_reader& object) {
    const auto from = object.text("from", "");
    if (from.empty()) {
        if (object.text("what", "").empty())
            throw object.problem("expected \"from\", or \"what\" for people to give");
        return from;
    }
    if (is_web_address(from)) {
        if (!object.has("sha256"))
            throw object.problem("from", "what is downloaded needs its \"sha256\" too");
        return from;
    }
    const auto path = (input.folder / from).string();
    if (!fs::exists(path))
        throw object.problem("from", fmt::format("there is no {}", printable(path)));
    input.sources += fingerprint_of_base(path) + '\n';
    return path;
}

}  // namespace

base_source read_base(recipe_input& input, const json_path& at) {
    object_reader object(input.document, at, "a base");
    base_source base;
    input.problems.attempt([&] { base.what = object.text("what", ""); });
    input.problems.attempt([&] {
        base.sha256 = object.text("sha256", "");
        if (object.has("sha256") && !is_sha256(base.sha256))
            throw object.problem("sha256", "expected 64 hexadecimal digits in lower case");
    });
    input.problems.attempt([&] { base.from = read_origin(input, object); });
    object.finish(input.problems);
    return base;
}

void read_tree_recipe(recipe_input& input, object_reader& object, tree_recipe& tree) {
    tree_recipe_reader(input, object, tree).read();
}

std::string read_path_in_guest(const recipe_input& input, const json_path& at,
                               const std::string& path, const tree_recipe& tree) {
    if (!path.starts_with('/') || path.ends_with('/') ||
        ("/" + path + "/").find("/../") != path.npos)
        throw input.document.problem(at, "expected an absolute path in the guest, without \"..\"");
    const auto relative = path_within_guest(path.substr(path.find_first_not_of('/')));
    const auto moved = tree.base ? relative : guest_path(relative);
    return moved.empty() ? relative : moved;
}

}  // namespace qh
