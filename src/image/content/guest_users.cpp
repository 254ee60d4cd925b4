#include "image/content/guest_users.hpp"

#include <crypt.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// A day on which every password was changed, so that none has expired.
constexpr int last_change_day = 20000;

/// The lines of one of the files, found by their first field.
class user_table {
  public:
    explicit user_table(const std::string& text) {
        for (const auto line : split_lines(text))
            if (!line.empty()) rows_.push_back(fields_of(line));
    }

    /// The row of that name, of at least `fields` fields; null without one.
    std::vector<std::string>* find(const std::string& name, std::size_t fields) {
        for (auto& row : rows_)
            if (row[0] == name) {
                row.resize(std::max(row.size(), fields));
                return &row;
            }
        return nullptr;
    }

    /// The first row with that in a field; null without one.
    const std::vector<std::string>* with(std::size_t field, const std::string& value) const {
        for (const auto& row : rows_)
            if (row.size() > field && row[field] == value) return &row;
        return nullptr;
    }

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    std::string text() const {
        std::string text;
        for (const auto& row : rows_) text += fmt::format("{}\n", fmt::join(row, ":"));
        return text;
    }

  private:
    static std::vector<std::string> fields_of(std::string_view line) {
        std::vector<std::string> fields(1);
        for (const char c : line)
            if (c == ':')
                fields.emplace_back();
            else
                fields.back() += c;
        return fields;
    }

    std::vector<std::vector<std::string>> rows_;
};

std::string hashed(const std::string& name, const std::string& password) {
    if (password.empty()) return {};
    const auto salt = "$6$" + sha256_hex(name + '\0' + password).substr(0, 16);
    const auto data = std::make_unique<crypt_data>();
    const char* const hash = ::crypt_r(password.c_str(), salt.c_str(), data.get());
    if (!hash || *hash == '*')
        throw infrastructure_error("this host's crypt(3) cannot make SHA-512 hashes of passwords");
    return hash;
}

void apply(const std::string& name, const guest_user& user, user_table& passwd, user_table& group,
           user_table& shadow) {
    auto* row = passwd.find(name, 7);
    if (!row) {
        if (!user.uid)
            throw usage_error("the user \"{}\" is new and needs a \"uid\"", printable(name));
        const auto id = std::to_string(*user.uid);
        if (const auto* other = passwd.with(2, id))
            throw usage_error("the user \"{}\" has the uid of \"{}\", {}", printable(name),
                              printable((*other)[0]), id);
        passwd.add({name, "x", id, id, "", "/home/" + name, "/bin/sh"});
        if (!group.find(name, 4)) group.add({name, "x", id, ""});
        row = passwd.find(name, 7);
    }
    if (user.uid) (*row)[2] = std::to_string(*user.uid);
    if (user.home) (*row)[5] = *user.home;
    if (user.shell) (*row)[6] = *user.shell;
    for (const auto& its : user.groups) {
        auto* const members = group.find(its, 4);
        if (!members)
            throw usage_error("there is no group \"{}\" for the user \"{}\"", printable(its),
                              printable(name));
        (*members)[3] += ((*members)[3].empty() ? "" : ",") + name;
    }
    if (!user.password) return;
    (*row)[1] = "x";
    if (!shadow.find(name, 9))
        shadow.add({name, "", std::to_string(last_change_day), "0", "99999", "7", "", "", ""});
    auto& entry = *shadow.find(name, 9);
    entry[1] = hashed(name, *user.password);
    entry[2] = std::to_string(last_change_day);
}

std::string content_of(const fs::path& file) {
    return fs::is_regular_file(fs::symlink_status(file)) ? read_file(file) : std::string();
}

}  // namespace

user_files with_users(user_files files, const std::map<std::string, guest_user>& users) {
    user_table passwd(files.passwd), group(files.group), shadow(files.shadow);
    for (const auto& [name, user] : users) apply(name, user, passwd, group, shadow);
    return {passwd.text(), group.text(), shadow.text()};
}

user_files users_in(const guest_tree& tree) {
    const auto etc = tree.root() / "etc";
    return {content_of(etc / "passwd"), content_of(etc / "group"), content_of(etc / "shadow")};
}

void write_users(guest_tree& tree, const std::map<std::string, guest_user>& users) {
    if (users.empty()) return;
    const auto files = with_users(users_in(tree), users);
    tree.write_file("etc/passwd", files.passwd, 0644);
    tree.write_file("etc/group", files.group, 0644);
    tree.write_file("etc/shadow", files.shadow, 0640);
}

}  // namespace qh
