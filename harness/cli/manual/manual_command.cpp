#include "cli/manual/manual_command.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <memory>

#include "build_config.hpp"
#include "cli/manual/completion.hpp"
#include "cli/manual/man_page.hpp"

namespace qh {
namespace {

std::string completion_for(const std::string& shell, const command_entry& root) {
    if (shell == "bash") return bash_completion(root);
    return shell == "zsh" ? zsh_completion(root) : fish_completion(root);
}

}  // namespace

void add_manual_commands(CLI::App& app, int& exit_code) {
    auto shell = std::make_shared<std::string>();
    auto* const completion =
        app.add_subcommand("completion", "Print a script that has a shell complete qharness");
    completion->add_option("SHELL", *shell, "the shell to print it for")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->footer(
        "Installing qharness installs them; otherwise:\n"
        "  source <(qharness completion bash)\n"
        "  source <(qharness completion zsh)\n"
        "  qharness completion fish | source");
    completion->callback([&app, &exit_code, shell] {
        fmt::print("{}", completion_for(*shell, command_tree(app)));
        exit_code = 0;
    });
    auto* const man = app.add_subcommand("man", "Print the manual page");
    man->footer("Examples:\n  qharness man | man -l -");
    man->callback([&app, &exit_code] {
        fmt::print("{}", man_page(command_tree(app), QHARNESS_VERSION));
        exit_code = 0;
    });
}

}  // namespace qh
