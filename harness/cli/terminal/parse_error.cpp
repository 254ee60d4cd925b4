#include "cli/terminal/parse_error.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <vector>

#include "base/text.hpp"

namespace qh {
namespace {

/// The command that was being called, with the commands above it in front.
struct called_command {
    const CLI::App* command;
    std::string name;
};

called_command innermost(const CLI::App& app) {
    called_command called{&app, app.get_name()};
    while (!called.command->get_subcommands().empty()) {
        called.command = called.command->get_subcommands().front();
        called.name += " " + called.command->get_name();
    }
    return called;
}

std::vector<std::string> option_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* option : command.get_options())
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
    std::vector<std::string> names;
    for (const auto* one : command.get_subcommands(std::function<bool(const CLI::App*)>()))
        names.push_back(one->get_name());
    return names;
}

std::string describe_unknown(const std::string& word, const CLI::App& command) {
    const bool is_option = word.starts_with('-');
    const auto known = is_option ? option_names(command) : command_names(command);
    const auto name = word.substr(0, word.find('='));
    auto text = fmt::format("there is no {} \"{}\"",
                            is_option       ? "option"
                            : known.empty() ? "use for"
                                            : "command",
                            printable(name));
    const std::vector<std::string_view> candidates(known.begin(), known.end());
    if (const auto near = closest(name, candidates); !near.empty())
        text += fmt::format("; did you mean \"{}\"?", near);
    return text;
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& mistake) {
    const auto called = innermost(app);
    const auto unknown = called.command->remaining();
    const auto what = unknown.empty() ? std::string(mistake.what())
                                      : describe_unknown(unknown.front(), *called.command);
    return fmt::format("qharness: {}\n({} --help tells what there is)\n", what, called.name);
}

}  // namespace qh
