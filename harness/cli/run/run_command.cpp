#include "cli/run/run_command.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/image/terminal_images.hpp"
#include "cli/run/headline.hpp"
#include "cli/run/machine_options.hpp"
#include "cli/terminal/again.hpp"
#include "cli/terminal/option_checks.hpp"
#include "cli/terminal/progress.hpp"
#include "cli/terminal/settings.hpp"
#include "launch/run_attempts.hpp"
#include "process/raw_terminal.hpp"
#include "report/run_details.hpp"

namespace qh {

namespace {

constexpr int nothing_selected = 5;

struct run_options {
    std::vector<std::string> scenarios;
    std::vector<std::string> settings;
    step_selection selection;
    machine_overrides machine;
    run_settings run;
    bool print_json = false, dry_run = false, verbose = false;
    std::string program;  ///< this one, as it was called
    std::function<std::string(const std::string& scenario)> again;
};

/// A run that is ready to start, with the words that named it.
struct named_run {
    planned_run plan;
    std::string name;
};

std::vector<named_run> plan_all(const run_options& options) {
    terminal_images built;
    cached_images cached(built);
    image_provider& images = options.dry_run ? static_cast<image_provider&>(cached) : built;
    std::vector<named_run> all;
    for (const auto& name : options.scenarios) {
        auto plan = plan_run({.scenario = name,
                              .parameters = parse_settings(options.settings),
                              .selection = options.selection,
                              .machine = options.machine},
                             options.run, images);
        if (!plan) continue;
        if (!options.dry_run) look_at_programs(*plan, images);
        all.push_back({std::move(*plan), name});
    }
    return all;
}

/// A failed scenario weighs more than a failed host; an interruption ends everything.
int worse(int a, int b) {
    const auto weight = [](int code) { return code == 2 ? 3 : code == 1 ? 2 : code == 6 ? 1 : 0; };
    return weight(a) >= weight(b) ? a : b;
}

void print_failures(const std::vector<std::string>& failures) {
    if (failures.empty()) return;
    fmt::print("\n{} did not pass:\n", failures.size());
    for (const auto& failure : failures) fmt::print("{}", failure);
}

std::vector<follow_up> commands_after(const finished_run& run, const run_options& options) {
    std::vector<std::string> replay = {options.program, "replay", run.directory.string()};
    if (options.run.record_machine) replay.emplace_back("--machine");
    return {{"again", run.again}, {"replay", shell_quote(replay)}};
}

int run_all(const run_options& options) {
    if (options.run.attach != attach_when::never && !has_terminal())
        throw usage_error(
            "--keep and --attach-on-failure hand the guest's console to the terminal, and standard "
            "input is none");
    const auto plan = plan_all(options);
    if (plan.empty()) {
        fmt::print(stderr, "qharness: no step has what --filter and --tag ask for\n");
        return nothing_selected;
    }
    if (options.dry_run) {
        for (const auto& run : plan) fmt::print("{}\n", qemu_command(run.plan.machine.spec));
        return 0;
    }
    progress display(options.verbose);
    const painter paint(STDOUT_FILENO);
    json runs = json::array();
    std::vector<std::string> failures;
    int exit_code = 0;
    for (const auto& [planned, name] : plan) {
        auto settings = options.run;
        settings.again = options.again(name);
        const auto run = run_with_retries(planned, settings, display.watch());
        const int code = qh::exit_code(run.how.outcome);
        exit_code = worse(exit_code, code);
        runs.push_back(run.result);
        if (!options.print_json) {
            const auto line = headline(run.result, paint) + "\n";
            const auto more = details(run.result, run.directory, commands_after(run, options));
            fmt::print("{}{}", line, more);
            std::fflush(stdout);
            if (code != 0) failures.push_back(line + more);
        }
        if (code == qh::exit_code(fault::interrupted)) break;
    }
    if (options.print_json)
        fmt::print("{}\n", dump({{"runs", runs}}, 2));
    else if (runs.size() > 1)
        print_failures(failures);
    return exit_code;
}

void add_what_to_run(CLI::App& run, run_options& options) {
    run.add_option("SCENARIO", options.scenarios,
                   "scenario files, or names of those that qharness ships")
        ->required();
    add_machine_options(run, options.machine, "--image");
    run.add_option("--set", options.settings, "value for a scenario's parameter (repeatable)")
        ->allow_extra_args(false)
        ->type_name("NAME=VALUE");
    run.add_option("--filter", options.selection.filter,
                   "run only steps whose name has this regex, and boot, facts and poweroff")
        ->type_name("REGEX");
    run.add_option("--tag", options.selection.tags,
                   "run only steps with this tag, and boot, facts and poweroff (repeatable)")
        ->allow_extra_args(false)
        ->type_name("TAG");
}

void add_how_to_run(CLI::App& run, run_options& options) {
    run.add_option("--retries", options.run.retries,
                   "try a scenario that did not pass again, up to so often; one that then passes "
                   "is flaky")
        ->check(CLI::Range(0u, 100u))
        ->type_name("N");
    run.add_option("--timeout-multiplier", options.run.timeout_multiplier,
                   "factor on every timeout, for slow hosts")
        ->check(CLI::Range(0.01, 1000.0))
        ->check(not_nan())
        ->type_name("X");
    auto* const attach = run.add_flag_callback(
        "--attach-on-failure", [&options] { options.run.attach = attach_when::not_passed; },
        "where a scenario did not pass, make the terminal the guest's "
        "console; Ctrl-] leaves it");
    run.add_flag_callback(
           "--keep", [&options] { options.run.attach = attach_when::judged; },
           "the same in any case, and leave out steps that power the guest off")
        ->excludes(attach)
        ->excludes("--retries");
    run.add_flag("--record", options.run.record_machine,
                 "have QEMU record the guest, which must have one hart, for replay --machine")
        ->excludes(attach);
    run.add_flag("--cold", options.run.cold, "boot although a warm point is there, and leave none");
    run.add_option("--out", options.run.out, "folder for the runs' records")
        ->capture_default_str()
        ->check(not_empty())
        ->type_name("DIR");
    run.add_flag("--verbose,-v", options.verbose, "print the guest's console too");
    run.add_flag("--json", options.print_json, "print the results as one JSON document");
    run.add_flag("--dry-run", options.dry_run, "print the QEMU command and run nothing");
}

}  // namespace

void add_run_command(CLI::App& app, const std::string& program, int& exit_code) {
    auto options = std::make_shared<run_options>();
    auto* const run = app.add_subcommand("run", "Run scenarios on a guest and judge them");
    add_what_to_run(*run, *options);
    add_how_to_run(*run, *options);
    options->program = program;
    options->again = [run, program](const std::string& scenario) {
        return same_command(program, *run, scenario);
    };
    run->footer(
        "Examples:\n"
        "  qharness run scenarios/pytorch_smoke.json\n"
        "  qharness run smoke.json --cpu rv64,v=true,vlen=256 --set n=7\n"
        "  qharness run pytorch_smoke --filter 'python|numpy'\n"
        "  qharness run smoke --attach-on-failure\n"
        "  qharness run smoke --retries 2 --json\n"
        "  qharness run smoke.json --kernel Image --initrd rootfs.cpio.gz --memory 2G");
    run->callback([options, &exit_code] { exit_code = run_all(*options); });
}

}  // namespace qh
