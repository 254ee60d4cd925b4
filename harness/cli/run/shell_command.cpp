#include "cli/run/shell_command.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <memory>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/locations.hpp"
#include "cli/image/terminal_images.hpp"
#include "cli/run/machine_options.hpp"
#include "cli/terminal/option_checks.hpp"
#include "cli/terminal/progress.hpp"
#include "launch/recorded_run.hpp"
#include "process/raw_terminal.hpp"
#include "record/secret_mask.hpp"
#include "replay/recording.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

struct shell_options {
    machine_overrides machine;
    run_settings settings = {.attach = attach_when::at_once};
    bool dry_run = false;
    std::string from;
};

/// The recorded run's command once more, where it was given, up to its failure. Returns only by an
/// error.
void run_again_from(const std::filesystem::path& folder) {
    const auto recorded = read_recording(folder);
    const auto again = recorded.run ? recorded.run->again.value_or(json::object()) : json::object();
    auto command = again.value("command", "");
    const auto directory = again.value("directory", "");
    if (command.empty())
        throw usage_error("{} does not tell which command ran it", folder.string());
    if (command.find(secret_mask::shown_instead) != command.npos)
        throw usage_error(
            "a secret on the command line was not recorded; run it yourself: {} "
            "--attach-on-failure",
            command);
    if (::chdir(directory.c_str()) != 0)
        throw usage_error("cannot go to {}, where the run was started: {}", directory,
                          system_message(errno));
    const bool attaches = command.find(" --keep") != command.npos ||
                          command.find(" --attach-on-failure") != command.npos;
    command = "exec " + command + (attaches ? "" : " --attach-on-failure");
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    throw infrastructure_error("cannot run /bin/sh: {}", system_message(errno));
}

int run_shell(const shell_options& options) {
    if (!options.dry_run && !has_terminal())
        throw usage_error(
            "a shell needs a terminal, and standard input is none; qharness run is for scripts");
    if (!options.from.empty()) run_again_from(options.from);
    planned_run run;
    run.file = data_directory() / "scenarios" / "lib" / "shell.json";
    run.what = load_scenario(run.file, {});
    apply_overrides(options.machine, run.what.machine);
    terminal_images built;
    cached_images cached(built);
    image_provider& images = options.dry_run ? static_cast<image_provider&>(cached) : built;
    run.machine = plan_machine(run.what.machine, images);
    if (options.dry_run) {
        fmt::print("{}\n", qemu_command(run.machine.spec));
        return 0;
    }
    progress display;
    const auto end = run_recorded(run, options.settings, display.watch());
    if (!end.how.reason.empty()) fmt::print(stderr, "qharness: {}\n", end.how.reason);
    return exit_code(end.how.outcome);
}

}  // namespace

void add_shell_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<shell_options>();
    auto* const shell = app.add_subcommand(
        "shell", "Boot a guest with its console on this terminal; Ctrl-] leaves it");
    add_machine_options(*shell, options->machine, "IMAGE");
    shell->add_option("--out", options->settings.out, "folder for the session's record")
        ->capture_default_str()
        ->check(not_empty())
        ->type_name("DIR");
    shell->add_flag("--dry-run", options->dry_run, "print the QEMU command and run nothing");
    shell
        ->add_option("--from", options->from,
                     "run what this record tells of once more, and attach where it fails")
        ->check(not_empty())
        ->type_name("RUN")
        ->excludes("IMAGE")
        ->excludes("--dry-run");
    shell->footer(
        "What is typed and what the guest prints is recorded as in a run. Disks are not written "
        "to.\n\n"
        "Examples:\n"
        "  qharness shell tiny\n"
        "  qharness shell --from runs/20261122T031500Z-smoke-1a2b\n"
        "  qharness shell debian-pytorch --memory 4G --smp 2 --cpu rv64,v=true,vlen=256\n"
        "  qharness shell --kernel Image --initrd rootfs.cpio.gz");
    shell->callback([options, &exit_code] { exit_code = run_shell(*options); });
}

}  // namespace qh
