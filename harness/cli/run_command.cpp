#include "cli/run_command.hpp"

#include <map>

#include "base/digest.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"
#include "base/wall_clock.hpp"
#include "build_config.hpp"
#include "cli/image_progress.hpp"
#include "cli/progress.hpp"
#include "machine/machine_spec.hpp"
#include "record/host.hpp"
#include "record/result_builder.hpp"
#include "record/run_directory.hpp"
#include "record/secret_mask.hpp"
#include "run/session.hpp"
#include "scenario/load.hpp"
#include "scenario/selection.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr int nothing_selected = 5;

struct run_options {
    std::vector<std::string> scenarios;
    std::vector<std::string> settings;
    step_selection selection;
    std::string image, cpu, memory, append, qemu;
    std::string kernel, initrd;
    std::vector<std::string> drives;
    unsigned harts = 0;
    std::string out = "runs";
    double timeout_multiplier = 1;
    bool print_json = false, dry_run = false;
};

std::map<std::string, std::string> parse_settings(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> settings;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            throw usage_error("--set wants NAME=VALUE, not '{}'", text);
        settings[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return settings;
}

/// The command line's word goes before the scenario's.
void override_machine(machine_request& machine, const run_options& options) {
    if (!options.image.empty() && !options.kernel.empty())
        throw usage_error("give --image or --kernel, not both");
    if (!options.kernel.empty()) {
        machine.image.clear();
        machine.kernel = options.kernel;
        machine.initrd.clear();
        machine.drives.clear();
    }
    if (!options.image.empty()) {
        machine.image = options.image;
        machine.kernel.clear();
    }
    if (!options.initrd.empty()) machine.initrd = options.initrd;
    for (const auto& drive : options.drives) machine.drives.push_back(drive);
    if (!options.cpu.empty()) machine.cpu = options.cpu;
    if (options.harts != 0) machine.harts = options.harts;
    if (!options.memory.empty()) machine.memory_bytes = parse_memory(options.memory);
    if (!options.append.empty()) machine.append = options.append;
    if (!options.qemu.empty()) machine.qemu = options.qemu;
}

image image_for(const std::string& name, bool dry_run) {
    const auto recipe = load_recipe(name);
    if (!dry_run) return cached_or_built(recipe, {});
    if (auto cached = find_cached(recipe)) return *cached;
    throw infrastructure_error("image {} is not built yet; build it with: qharness image build {}",
                               name, name);
}

machine_spec spec_for(const machine_request& request, bool dry_run, json& image_description) {
    if (request.kernel.empty() && request.image.empty())
        throw usage_error(
            "no machine to run on: the scenario names none; give --image or --kernel");
    machine_spec spec;
    spec.qemu = request.qemu;
    spec.cpu = request.cpu;
    spec.harts = request.harts;
    spec.memory_bytes = request.memory_bytes;
    spec.kernel = request.kernel;
    spec.initrd = request.initrd;
    spec.extra_arguments = request.extra_arguments;
    spec.channel = request.channel != channel_choice::console;
    spec.firmware = request.firmware;
    // A panic ends the machine at once instead of leaving it to hang; its own words tell of it.
    spec.append = "console=ttyS0 panic=-1";
    if (!request.image.empty()) {
        const auto image = image_for(request.image, dry_run);
        image_description = {{"name", image.name}, {"digest", image.digest}};
        spec.kernel = image.kernel;
        if (spec.initrd.empty()) spec.initrd = image.initrd;
        if (image.disk) spec.drives.push_back(*image.disk);
        if (!image.append.empty()) spec.append += " " + image.append;
    }
    spec.drives.insert(spec.drives.end(), request.drives.begin(), request.drives.end());
    // The recorded command can then be run from anywhere.
    for (auto* const path : {&spec.kernel, &spec.initrd})
        if (!path->empty()) *path = fs::absolute(*path);
    for (auto& drive : spec.drives) drive = fs::absolute(drive);
    if (!request.append.empty()) spec.append += " " + request.append;
    return spec;
}

json describe(const scenario& scenario, const fs::path& file, const machine_spec& spec,
              const json& image) {
    return {{"qharness", QHARNESS_VERSION},
            {"started", utc_now("%Y-%m-%dT%H:%M:%SZ")},
            {"host", describe_host()},
            {"image", image},
            {"scenario",
             {{"name", scenario.name},
              {"file", file.string()},
              {"digest", sha256_hex(dump(secret_mask(scenario.secrets).masked(scenario.resolved)))},
              {"params", scenario.parameters}}},
            {"machine",
             {{"qemu", spec.qemu},
              {"cpu", spec.cpu},
              {"smp", spec.harts},
              {"memory_bytes", spec.memory_bytes},
              {"kernel", spec.kernel.string()},
              {"append", spec.append}}}};
}

/// A scenario that is known to be right, and the machine for it.
struct planned_run {
    fs::path file;
    scenario what;
    machine_spec spec;
    json image;
};

/// Nothing where no step is chosen.
std::optional<planned_run> plan_run(const std::string& name, const run_options& options) {
    planned_run run;
    run.file = find_scenario(name);
    run.what = load_scenario(run.file, parse_settings(options.settings));
    if (select_steps(run.what, options.selection) == 0) return std::nullopt;
    override_machine(run.what.machine, options);
    run.spec = spec_for(run.what.machine, options.dry_run, run.image);
    for (const auto& step : run.what.steps) {
        if (std::holds_alternative<reboot_step>(step.action)) run.spec.may_reboot = true;
        const auto* upload = std::get_if<upload_step>(&step.action);
        if (upload && !upload->serial.empty())
            run.spec.files.emplace_back(upload->serial, upload->source);
    }
    check_machine_spec(run.spec);
    return run;
}

json run_one(const planned_run& run, const run_options& options, progress& display,
             int& exit_code) {
    const auto& [file, scenario, spec, image] = run;
    run_directory directory(options.out, scenario.name);
    secret_mask mask(scenario.secrets);
    directory.write("scenario.json", dump(mask.masked(scenario.resolved), 2) + "\n");
    directory.write("qemu.sh", mask.text(qemu_script(spec)), true);
    result_builder result;
    display.say(fmt::format("{} on {}, {} hart{}, {} MiB: {}", scenario.name, spec.cpu, spec.harts,
                            spec.harts == 1 ? "" : "s", spec.memory_bytes >> 20,
                            directory.path().string()));
    const auto note = [&](const event& event, std::string_view raw) {
        directory.record(event, raw);
        result.on_event(event);
        display.on_event(event);
    };
    const auto verdict = run_session(
        scenario, spec,
        {options.timeout_multiplier,
         [&](const auto& name, auto content) { return directory.keep_file(name, content); },
         mask.masked(describe(scenario, file, spec, image))},
        [&](const event& event, std::string_view raw) {
            if (mask.empty()) return note(event, raw);
            const auto masked = mask.mask(event, raw);
            note(masked.what, masked.raw);
        },
        [&](std::string_view last_line) { display.on_console(mask.text(std::string(last_line))); });
    for (const auto& rest : mask.finish(std::chrono::steady_clock::now()))
        directory.record(rest.what, rest.raw);
    directory.write("result.json", dump(result.result(), 2) + "\n");
    exit_code = qh::exit_code(verdict.outcome);
    if (!options.print_json) fmt::print("{}", summary(result.result(), directory.path()));
    return result.result();
}

/// A failed scenario weighs more than a failed host; an interruption ends everything.
int worse(int a, int b) {
    const auto weight = [](int code) { return code == 2 ? 3 : code == 1 ? 2 : code == 6 ? 1 : 0; };
    return weight(a) >= weight(b) ? a : b;
}

int run_all(const run_options& options) {
    json runs = json::array();
    int exit_code = 0;
    progress display;
    std::vector<planned_run> plan;
    for (const auto& name : options.scenarios)
        if (auto run = plan_run(name, options)) plan.push_back(std::move(*run));
    if (plan.empty()) {
        fmt::print(stderr, "qharness: no step has what --filter and --tag ask for\n");
        return nothing_selected;
    }
    if (options.dry_run) {
        for (const auto& run : plan) fmt::print("{}\n", qemu_command(run.spec));
        return exit_code;
    }
    for (const auto& run : plan) {
        int code = 0;
        runs.push_back(run_one(run, options, display, code));
        exit_code = worse(exit_code, code);
        if (code == qh::exit_code(fault::interrupted)) break;
    }
    if (options.print_json) fmt::print("{}\n", dump({{"runs", runs}}, 2));
    return exit_code;
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<run_options>();
    auto* const run = app.add_subcommand("run", "Run scenarios on a guest and judge them");
    run->add_option("SCENARIO", options->scenarios,
                    "scenario files, or names of those that qharness ships")
        ->required();
    run->add_option("--image", options->image, "image to boot, built when it is not cached");
    run->add_option("--kernel", options->kernel, "your own kernel instead of an image");
    run->add_option("--initrd", options->initrd, "initial RAM disk for --kernel");
    run->add_option("--drive", options->drives, "disk for the guest, never written to (repeatable)")
        ->allow_extra_args(false);
    run->add_option("--append", options->append, "kernel arguments besides console=ttyS0 panic=-1");
    run->add_option("--cpu", options->cpu, "as for QEMU's -cpu: rv64,v=true,vlen=256");
    run->add_option("--smp", options->harts, "number of harts");
    run->add_option("--memory", options->memory, "guest memory: 512M, 4G");
    run->add_option("--qemu", options->qemu, "the QEMU to use");
    run->add_option("--set", options->settings,
                    "NAME=VALUE for a scenario's parameter (repeatable)")
        ->allow_extra_args(false);
    run->add_option("--filter", options->selection.filter,
                    "run only steps whose name has this regex, and boot, facts and poweroff");
    run->add_option("--tag", options->selection.tags,
                    "run only steps with this tag, and boot, facts and poweroff (repeatable)")
        ->allow_extra_args(false);
    run->add_option("--out", options->out, "folder for the runs' records")->capture_default_str();
    run->add_option("--timeout-multiplier", options->timeout_multiplier,
                    "factor on every timeout, for slow hosts")
        ->check(CLI::Range(0.01, 1000.0));
    run->add_flag("--json", options->print_json, "print the results as one JSON document");
    run->add_flag("--dry-run", options->dry_run, "print the QEMU command and run nothing");
    run->footer(
        "Examples:\n"
        "  qharness run scenarios/pytorch_smoke.json\n"
        "  qharness run smoke.json --cpu rv64,v=true,vlen=256 --set n=7\n"
        "  qharness run pytorch_smoke --filter 'python|numpy'\n"
        "  qharness run smoke.json --kernel Image --initrd rootfs.cpio.gz --memory 2G");
    run->callback([options, &exit_code] { exit_code = run_all(*options); });
}

}  // namespace qh
