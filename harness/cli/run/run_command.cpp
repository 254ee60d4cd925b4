#include "cli/run/run_command.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/run/machine_options.hpp"
#include "cli/run/summary.hpp"
#include "cli/terminal/again.hpp"
#include "cli/terminal/option_checks.hpp"
#include "cli/terminal/settings.hpp"
#include "launch/attempt_list.hpp"
#include "launch/recorded_run.hpp"
#include "process/raw_terminal.hpp"
#include "record/recorded_spec.hpp"
#include "record/secret_mask.hpp"
#include "scenario/load.hpp"
#include "scenario/selection.hpp"

namespace qh {

namespace {

constexpr int nothing_selected = 5;

struct run_options {
    std::vector<std::string> scenarios;
    std::vector<std::string> settings;
    step_selection selection;
    machine_options machine;
    std::string out = "runs";
    double timeout_multiplier = 1;
    unsigned retries = 0;
    bool print_json = false, dry_run = false, verbose = false;
    bool attach_on_failure = false, keep = false, cold = false;
    bool record = false;
    std::string program;  ///< this one, as it was called
    std::function<std::string(const std::string& scenario)> again;
};

/// Leaves out what would end the guest that the person wants to keep.
void keep_running(scenario& scenario) {
    for (auto& step : scenario.steps)
        if (std::holds_alternative<poweroff_step>(step.action)) step.left_out = true;
}

bool uses_python(const scenario& scenario) {
    return std::ranges::any_of(scenario.steps, [](const step& step) {
        const auto* const command = std::get_if<command_step>(&step.action);
        return command && (command->language == command_step::language::python ||
                           command->code.find("python3") != std::string::npos);
    });
}

/// What the guest's programs need, for the engine to compare with what QEMU has.
known_programs programs_of(const planned_run& run) {
    auto found = look_at_programs(run.machine.spec, [](const std::string& file) {
        fmt::print(stderr, "looking at what the programs in {} need, this once\n", printable(file));
    });
    if (!uses_python(run.what))
        std::erase_if(found.programs,
                      [](const auto& program) { return program.role == python_role; });
    return found;
}

/// Only the UART's input is in QEMU's log, and the console is what a replay is held against.
void prepare_to_record(planned_run& run) {
    if (const auto why = why_not_recordable(run.machine.spec); !why.empty())
        throw usage_error("--record: {}", why);
    if (!run.what.secrets.empty())
        throw usage_error("--record: QEMU's log would hold the scenario's secrets");
    if (run.what.machine.channel == channel_choice::virtio)
        fmt::print(stderr, "--record: commands go over the serial console, not the channel\n");
    run.what.machine.channel = channel_choice::console;
    run.machine.spec.channel = false;
}

/// Nothing where no step is chosen.
std::optional<planned_run> plan_run(const std::string& name, const run_options& options) {
    planned_run run;
    run.file = find_scenario(name);
    run.what = load_scenario(run.file, parse_settings(options.settings));
    if (select_steps(run.what, options.selection) == 0) return std::nullopt;
    if (options.keep) keep_running(run.what);
    options.machine.apply_to(run.what.machine);
    run.machine = plan_machine(run.what.machine, !options.dry_run);
    fit_machine_to_steps(run.machine.spec, run.what.steps);
    if (options.record) prepare_to_record(run);
    if (!options.dry_run) run.programs = programs_of(run);
    return run;
}

attach_when attachment_for(const run_options& options, const attempt_list& attempts) {
    if (options.keep) return attach_when::judged;
    return options.attach_on_failure && attempts.next_is_last() ? attach_when::not_passed
                                                                : attach_when::never;
}

/// All attempts at one scenario; the last one's result speaks for them.
finished_run run_with_retries(const planned_run& run, const std::string& name,
                              const run_options& options, progress& display) {
    attempt_list attempts(options.retries);
    std::optional<finished_run> last;
    while (attempts.goes_on()) {
        record_options record = {options.out,
                                 options.timeout_multiplier,
                                 attachment_for(options, attempts),
                                 options.cold || attempts.size() > 0,
                                 options.record,
                                 options.again(name),
                                 {}};
        record.judged = [&](const verdict& how,
                            const std::filesystem::path& directory) -> std::optional<event> {
            attempts.add(how, directory.string());
            const auto told = attempts.told();
            if (!told) return std::nullopt;
            return event{std::chrono::steady_clock::now(), "attempts", *told};
        };
        if (attempts.size() > 0)
            display.say(fmt::format("attempt {} of {}:", attempts.size() + 1, attempts.most()));
        last = run_recorded(run, record, display);
        if (attempts.goes_on())
            display.say(
                fmt::format("{}: {}", name_of(last->how.outcome), printable(last->how.reason)));
    }
    return *last;
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

std::vector<follow_up> commands_after(const finished_run& run, const planned_run& plan,
                                      const run_options& options, const std::string& name) {
    std::vector<std::string> replay = {options.program, "replay", run.directory.string()};
    if (options.record) replay.emplace_back("--machine");
    return {{"again", secret_mask(plan.what.secrets).text(options.again(name))},
            {"replay", shell_quote(replay)}};
}

int run_all(const run_options& options) {
    if ((options.keep || options.attach_on_failure) && !has_terminal())
        throw usage_error(
            "--keep and --attach-on-failure hand the guest's console to the terminal, and standard "
            "input is none");
    std::vector<planned_run> plan;
    std::vector<std::string> names;
    for (const auto& name : options.scenarios)
        if (auto run = plan_run(name, options)) {
            plan.push_back(std::move(*run));
            names.push_back(name);
        }
    if (plan.empty()) {
        fmt::print(stderr, "qharness: no step has what --filter and --tag ask for\n");
        return nothing_selected;
    }
    if (options.dry_run) {
        for (const auto& run : plan) fmt::print("{}\n", qemu_command(run.machine.spec));
        return 0;
    }
    progress display(options.verbose);
    const painter paint(STDOUT_FILENO);
    json runs = json::array();
    std::vector<std::string> failures;
    int exit_code = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const auto run = run_with_retries(plan[i], names[i], options, display);
        const int code = qh::exit_code(run.how.outcome);
        exit_code = worse(exit_code, code);
        runs.push_back(run.result);
        if (!options.print_json) {
            const auto line = headline(run.result, paint) + "\n";
            const auto more =
                details(run.result, run.directory, commands_after(run, plan[i], options, names[i]));
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
    run.add_option("--image", options.machine.image, "image to boot, built when it is not cached")
        ->type_name("IMAGE");
    options.machine.add_to(run);
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
    run.add_option("--retries", options.retries,
                   "try a scenario that did not pass again, up to so often; one that then passes "
                   "is flaky")
        ->check(CLI::Range(0u, 100u))
        ->type_name("N");
    run.add_option("--timeout-multiplier", options.timeout_multiplier,
                   "factor on every timeout, for slow hosts")
        ->check(CLI::Range(0.01, 1000.0))
        ->check(not_nan())
        ->type_name("X");
    auto* const attach = run.add_flag("--attach-on-failure", options.attach_on_failure,
                                      "where a scenario did not pass, make the terminal the "
                                      "guest's console; Ctrl-] leaves it");
    run.add_flag("--keep", options.keep,
                 "the same in any case, and leave out steps that power the guest off")
        ->excludes(attach)
        ->excludes("--retries");
    run.add_flag("--record", options.record,
                 "have QEMU record the guest, which must have one hart, for replay --machine")
        ->excludes(attach);
    run.add_flag("--cold", options.cold, "boot although a warm point is there, and leave none");
    run.add_option("--out", options.out, "folder for the runs' records")
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
