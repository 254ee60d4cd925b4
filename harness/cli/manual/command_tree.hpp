// The commands and their options as data: what completions and the man page are made from.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace qh {

/// What a value is, so that a shell can offer some.
enum class value_kind { none, text, file, folder, scenario, image, cpu, choice };

struct option_entry {
    std::vector<std::string> names;  ///< with their dashes; none for a positional argument
    std::string value;               ///< what stands for the value in help; empty for a flag
    std::string description;
    value_kind kind = value_kind::none;
    std::vector<std::string> choices;  ///< where the kind is `choice`
    bool required = false;
    bool several = false;  ///< whether there may be more than one value
};

struct command_entry {
    std::string name;  ///< as it is called: "image build"; empty for the program itself
    std::string description;
    std::string footer;
    std::vector<option_entry> options, arguments;
    std::vector<command_entry> commands;
};

/// All that `app` has.
command_entry command_tree(const CLI::App& app);

/// The command itself and all below it, each before its own.
std::vector<const command_entry*> flattened(const command_entry& root);

}  // namespace qh
