#include "cli/terminal/again.hpp"

#include <CLI/CLI.hpp>

#include "base/text.hpp"

namespace qh {

std::string same_command(const std::string& program, const CLI::App& command,
                         const std::string& argument) {
    std::vector<std::string> words = {program, command.get_name()};
    if (!argument.starts_with('-')) words.push_back(argument);
    for (const auto* option : command.get_options()) {
        if (option->get_positional() || option->count() == 0) continue;
        const auto name = option->get_name();
        if (option->get_items_expected_max() == 0) {
            words.push_back(name);
            continue;
        }
        for (const auto& value : option->results())
            if (value.starts_with('-'))
                words.push_back(name + "=" + value);
            else
                words.insert(words.end(), {name, value});
    }
    if (argument.starts_with('-')) words.insert(words.end(), {"--", argument});
    return shell_quote(words);
}

}  // namespace qh
