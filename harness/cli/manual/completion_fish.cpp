#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "cli/manual/completion.hpp"

namespace qh {
namespace {

/// A word in fish's single quotes, where only these two are special.
std::string fish_word(std::string_view text) {
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') word += '\\';
        word += c;
    }
    return word + "'";
}

std::string value_flags(const option_entry& option) {
    switch (option.kind) {
        case value_kind::none:
            return "";
        case value_kind::text:
            return " -x";
        case value_kind::file:
            return " -r -F";
        case value_kind::folder:
            return " -x -a '(__fish_complete_directories (commandline -ct))'";
        case value_kind::choice:
            return " -x -a " + fish_word(fmt::format("{}", fmt::join(option.choices, " ")));
        case value_kind::scenario:
        case value_kind::image:
        case value_kind::cpu:
            break;
    }
    return fmt::format(" {} -a '(qharness list {} --names 2>/dev/null)'",
                       option.kind == value_kind::scenario ? "-F" : "-x",
                       list_section(option.kind));
}

std::string command_function(const command_entry& root) {
    std::string text =
        "# Completions for qharness, made by: qharness completion fish\n\n"
        "function __qharness_command\n"
        "    set -l command ''\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        switch \"$command $word\"\n";
    for (const auto* command : flattened(root))
        for (const auto& below : command->commands)
            text += fmt::format("            case '{} {}'\n                set command '{}'\n",
                                command->name, below.name.substr(below.name.rfind(' ') + 1),
                                below.name);
    return text + "        end\n    end\n    echo $command\nend\n\ncomplete -c qharness -f\n";
}

}  // namespace

std::string fish_completion(const command_entry& root) {
    auto text = command_function(root);
    for (const auto* command : flattened(root)) {
        const auto begin = "complete -c qharness -n " +
                           fish_word("test (__qharness_command) = " + fish_word(command->name));
        for (const auto& below : command->commands)
            text +=
                fmt::format("{} -a {} -d {}\n", begin, below.name.substr(below.name.rfind(' ') + 1),
                            fish_word(below.description));
        for (const auto& option : command->options) {
            text += begin;
            for (const auto& name : option.names)
                text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            text += value_flags(option) + " -d " + fish_word(option.description) + "\n";
        }
        for (const auto& argument : command->arguments)
            text += begin + value_flags(argument) + "\n";
    }
    return text;
}

}  // namespace qh
