#include "cli/host/doctor_command.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/host/host_checks.hpp"
#include "cli/terminal/colour.hpp"
#include "cli/terminal/option_checks.hpp"

namespace qh {
namespace {

void print_as_json(const std::vector<host_check>& checks) {
    json document = json::array();
    for (const auto& check : checks)
        document.push_back({{"name", check.name},
                            {"state", name_of(check.state)},
                            {"found", check.found},
                            {"remedy", check.remedy}});
    fmt::print("{}\n", dump({{"checks", document}}, 2));
}

void print_as_text(const std::vector<host_check>& checks) {
    const painter paint(STDOUT_FILENO);
    for (const auto& check : checks) {
        const auto shade = check.state == check_state::ok        ? colour::green
                           : check.state == check_state::missing ? colour::red
                                                                 : colour::yellow;
        fmt::print("{}  {:<16} {}\n", paint(shade, fmt::format("{:<7}", name_of(check.state))),
                   check.name, printable(check.found));
        if (!check.remedy.empty()) fmt::print("{:<26}{}\n", "", check.remedy);
    }
}

int examine(const check_options& options, bool as_json) {
    const auto checks = check_host(options);
    if (as_json)
        print_as_json(checks);
    else
        print_as_text(checks);
    const bool complete = std::ranges::none_of(
        checks, [](const auto& check) { return check.state == check_state::missing; });
    return complete ? 0 : exit_code(fault::infrastructure);
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<check_options>();
    auto as_json = std::make_shared<bool>(false);
    auto* const command =
        app.add_subcommand("doctor", "Tell what this host lacks, and the command that mends it");
    command->add_option("--qemu", options->qemu, "the QEMU to look at")->type_name("PROGRAM");
    command->add_option("--out", options->out, "folder that runs will be recorded in")
        ->capture_default_str()
        ->check(not_empty())
        ->type_name("DIR");
    command->add_flag("--json", *as_json, "print one JSON document");
    command->footer(
        "Changes nothing. Ends 6 where something needed is missing; advice alone ends 0.\n\n"
        "Examples:\n"
        "  qharness doctor\n"
        "  qharness doctor --qemu ./qemu-system-riscv64 --json");
    command->callback([options, as_json, &exit_code] { exit_code = examine(*options, *as_json); });
}

}  // namespace qh
