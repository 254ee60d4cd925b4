#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/manual/completion.hpp"

namespace qh {
namespace {

constexpr const char* beginning = R"sh(#compdef qharness
# Completions for qharness, made by: qharness completion zsh

_qharness_list() {
    local -a names
    names=(${(f)"$(_call_program names qharness list $1 --names 2>/dev/null)"})
    compadd -a names
}
_qharness_scenarios() { _qharness_list scenarios; _files -g '*.json' }
_qharness_images() { _qharness_list images }
_qharness_cpus() { _qharness_list cpus }

)sh";

/// A description within a specification of _arguments or _describe.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
        safe += c;
    }
    return safe;
}

std::string action_of(const option_entry& option) {
    switch (option.kind) {
        case value_kind::file:
            return "_files";
        case value_kind::folder:
            return "_files -/";
        case value_kind::choice:
            return fmt::format("({})", fmt::join(option.choices, " "));
        case value_kind::scenario:
        case value_kind::image:
        case value_kind::cpu:
            return "_qharness_" + list_section(option.kind);
        default:
            return " ";
    }
}

std::string value_of(const option_entry& option) {
    return option.value.empty() ? ""
                                : fmt::format(":{}:{}", escaped(option.value), action_of(option));
}

/// A function's name for a command: `_qharness_image_build`.
std::string function_of(const command_entry& command) {
    if (command.name.empty()) return "_qharness";
    auto name = "_qharness_command_" + command.name;
    std::ranges::replace(name, ' ', '_');
    return name;
}

std::string arguments_call(const command_entry& command) {
    std::string text = "    _arguments";
    for (const auto& option : command.options)
        for (const auto& name : option.names) {
            const bool repeatable = option.description.find("(repeatable)") != std::string::npos;
            text += " \\\n        " +
                    shell_quote(fmt::format("{}{}[{}]{}", repeatable ? "*" : "", name,
                                            escaped(option.description), value_of(option)));
        }
    for (const auto& argument : command.arguments)
        text += " \\\n        " + shell_quote("*" + value_of(argument));
    return text + "\n";
}

std::string group_body(const command_entry& command) {
    std::string text = "    if (( CURRENT == 2 )); then\n        local -a commands=(\n";
    for (const auto& below : command.commands)
        text += fmt::format("            {}\n",
                            shell_quote(below.name.substr(below.name.rfind(' ') + 1) + ":" +
                                        escaped(below.description)));
    text += "        )\n        _describe command commands\n    " + arguments_call(command) +
            "        return\n    fi\n    shift words\n    (( CURRENT-- ))\n    case $words[1] in\n";
    for (const auto& below : command.commands)
        text += fmt::format("    {}) {} ;;\n", below.name.substr(below.name.rfind(' ') + 1),
                            function_of(below));
    return text + "    esac\n";
}

}  // namespace

std::string zsh_completion(const command_entry& root) {
    std::string text = beginning;
    for (const auto* command : flattened(root))
        text += fmt::format(
            "{}() {{\n{}}}\n\n", function_of(*command),
            command->commands.empty() ? arguments_call(*command) : group_body(*command));
    // Loaded by compinit the file is the function's body; sourced it only defines it.
    return text +
           "if [[ $funcstack[1] == _qharness ]]; then\n    _qharness \"$@\"\nelse\n"
           "    compdef _qharness qharness\nfi\n";
}

}  // namespace qh
