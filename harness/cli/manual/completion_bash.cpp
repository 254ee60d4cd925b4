#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/manual/completion.hpp"

namespace qh {
namespace {

constexpr const char* values_function =
    R"sh(# Completions for qharness, made by: qharness completion bash

# _qharness_values KIND WORD [CHOICE…]
_qharness_values() {
    local kind=$1 word=$2 IFS=$'\n'
    shift 2
    case $kind in
    scenarios | images | cpus)
        COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" list "$kind" --names 2>/dev/null)" -- "$word"))
        ;;
    choices) COMPREPLY=($(compgen -W "$*" -- "$word")) ;;
    folders) COMPREPLY=($(compgen -d -- "$word")) ;;
    esac
    case $kind in files | scenarios) COMPREPLY+=($(compgen -f -- "$word")) ;; esac
}

)sh";

constexpr const char* beginning = R"sh(_qharness() {
    local command= i word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    # Bash makes words of their own of an option, its "=" and the value.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
)sh";

std::string values_call(const option_entry& option) {
    std::string kind = list_section(option.kind);
    if (option.kind == value_kind::file) kind = "files";
    if (option.kind == value_kind::folder) kind = "folders";
    if (option.kind == value_kind::choice) kind = "choices";
    if (kind.empty()) return ":";
    auto call = fmt::format("_qharness_values {} \"$word\"", kind);
    for (const auto& choice : option.choices) call += " " + shell_quote(choice);
    return call;
}

std::string command_case(const command_entry& root) {
    std::string text =
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case \"$command ${COMP_WORDS[i]}\" in\n";
    for (const auto* command : flattened(root))
        for (const auto& below : command->commands) {
            const auto word = below.name.substr(below.name.rfind(' ') + 1);
            text +=
                fmt::format("        '{} {}') command='{}' ;;\n", command->name, word, below.name);
        }
    return text + "        esac\n    done\n";
}

std::string value_case(const command_entry& root) {
    std::string text = "    case \"$command $before\" in\n";
    for (const auto* command : flattened(root))
        for (const auto& option : command->options) {
            if (option.value.empty()) continue;
            std::string patterns;
            for (const auto& name : option.names)
                patterns +=
                    fmt::format("{}'{} {}'", patterns.empty() ? "" : " | ", command->name, name);
            text += fmt::format("    {})\n        {}\n        return\n        ;;\n", patterns,
                                values_call(option));
        }
    return text + "    esac\n";
}

std::string words_case(const command_entry& root) {
    std::string text = "    case $command in\n";
    for (const auto* command : flattened(root)) {
        std::string options, commands;
        for (const auto& option : command->options)
            for (const auto& name : option.names) options += " " + name;
        for (const auto& below : command->commands)
            commands += " " + below.name.substr(below.name.rfind(' ') + 1);
        text += fmt::format(
            "    '{}')\n        if [[ $word == -* ]]; then\n"
            "            COMPREPLY=($(compgen -W '{}' -- \"$word\"))\n        else\n            "
            "{}\n"
            "        fi\n        ;;\n",
            command->name, trim(options),
            !commands.empty()
                ? fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))", trim(commands))
            : command->arguments.empty() ? ":"
                                         : values_call(command->arguments.front()));
    }
    return text + "    esac\n";
}

}  // namespace

std::string list_section(value_kind kind) {
    switch (kind) {
        case value_kind::scenario:
            return "scenarios";
        case value_kind::image:
            return "images";
        case value_kind::cpu:
            return "cpus";
        default:
            return "";
    }
}

std::string bash_completion(const command_entry& root) {
    return values_function + std::string(beginning) + command_case(root) + value_case(root) +
           words_case(root) + "}\n\ncomplete -o filenames -F _qharness qharness\n";
}

}  // namespace qh
