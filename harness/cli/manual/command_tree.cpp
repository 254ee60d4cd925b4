#include "cli/manual/command_tree.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "base/text.hpp"

namespace qh {
namespace {

value_kind kind_of(const std::string& value) {
    static const std::map<std::string, value_kind> kinds = {
        {"FILE", value_kind::file},   {"PROGRAM", value_kind::file},
        {"DIR", value_kind::folder},  {"SCENARIO", value_kind::scenario},
        {"IMAGE", value_kind::image}, {"NAME", value_kind::image},
        {"CPU", value_kind::cpu}};
    const auto found = kinds.find(value);
    return found == kinds.end() ? value_kind::text : found->second;
}

/// The words of CLI11's "{a,b,c}".
std::vector<std::string> choices_in(const std::string& type_name) {
    std::vector<std::string> words;
    const auto open = type_name.find('{'), close = type_name.find('}');
    if (open == std::string::npos || close == std::string::npos) return words;
    std::string word;
    for (const char c : type_name.substr(open + 1, close - open - 1)) {
        if (c == ',')
            words.push_back(std::exchange(word, {}));
        else
            word += c;
    }
    words.push_back(word);
    return words;
}

option_entry read(const CLI::Option& option) {
    option_entry entry;
    for (const auto& name : option.get_snames()) entry.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) entry.names.push_back("--" + name);
    entry.description = option.get_description();
    entry.required = option.get_required();
    entry.several = option.get_items_expected_max() > 1;
    if (option.get_items_expected_max() == 0) return entry;
    entry.choices = choices_in(option.get_type_name());
    entry.value = entry.names.empty() ? option.get_name(true) : option.get_type_name();
    // CLI11 adds what a validator takes: "N:INT in [0 - 100]".
    entry.value = entry.value.substr(0, entry.value.find(':'));
    entry.kind = entry.choices.empty() ? kind_of(entry.value) : value_kind::choice;
    return entry;
}

command_entry read_command(const CLI::App& app, const std::string& name) {
    command_entry entry;
    entry.name = name;
    entry.description = app.get_description();
    entry.footer = app.get_footer();
    for (const auto* option : app.get_options()) {
        auto read_one = read(*option);
        (read_one.names.empty() ? entry.arguments : entry.options).push_back(std::move(read_one));
    }
    for (const auto* below : app.get_subcommands(std::function<bool(const CLI::App*)>()))
        entry.commands.push_back(read_command(
            *below, name.empty() ? below->get_name() : name + " " + below->get_name()));
    return entry;
}

void collect(const command_entry& entry, std::vector<const command_entry*>& found) {
    found.push_back(&entry);
    for (const auto& below : entry.commands) collect(below, found);
}

}  // namespace

command_entry command_tree(const CLI::App& app) {
    return read_command(app, "");
}

std::vector<const command_entry*> flattened(const command_entry& root) {
    std::vector<const command_entry*> found;
    collect(root, found);
    return found;
}

}  // namespace qh
