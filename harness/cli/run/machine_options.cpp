#include "cli/run/machine_options.hpp"

#include <CLI/CLI.hpp>

#include "cli/terminal/option_checks.hpp"

namespace qh {
namespace {

CLI::Option* add(CLI::App& command, const std::string& name, const machine_option& option,
                 machine_overrides& said) {
    using value = machine_option::value;
    auto& texts = said[option.name];
    switch (option.takes) {
        case value::text:
            return command.add_option(name, texts.emplace_back(), option.help);
        case value::texts:
            return command.add_option(name, texts, option.help)
                ->allow_extra_args(false)
                ->check(not_empty());
        case value::number:
            break;
    }
    return command.add_option_function<unsigned>(
        name, [&texts](unsigned number) { texts = {std::to_string(number)}; }, option.help);
}

}  // namespace

void add_machine_options(CLI::App& command, machine_overrides& said, const std::string& image) {
    for (const auto& field : machine_fields()) {
        const auto& option = field.option;
        if (option.name.empty()) continue;
        auto* const added =
            add(command, option.name == "image" ? image : "--" + option.name, option, said);
        if (!added->get_positional()) added->type_name(option.type_name);
    }
}

}  // namespace qh
