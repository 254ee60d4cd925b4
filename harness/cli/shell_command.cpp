#include "cli/shell_command.hpp"

#include <memory>

#include "base/error.hpp"
#include "base/locations.hpp"
#include "cli/machine_options.hpp"
#include "cli/recorded_run.hpp"
#include "process/raw_terminal.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

struct shell_options {
    machine_options machine;
    std::string out = "runs";
    bool dry_run = false;
};

int run_shell(const shell_options& options) {
    if (!options.dry_run && !has_terminal())
        throw usage_error(
            "a shell needs a terminal, and standard input is none; qharness run is for scripts");
    planned_run run;
    run.file = data_directory() / "scenarios" / "lib" / "shell.json";
    run.what = load_scenario(run.file, {});
    options.machine.apply_to(run.what.machine);
    run.machine = plan_machine(run.what.machine, !options.dry_run);
    if (options.dry_run) {
        fmt::print("{}\n", qemu_command(run.machine.spec));
        return 0;
    }
    progress display;
    record_options record;
    record.out = options.out;
    record.attach = attach_when::at_once;
    const auto end = run_recorded(run, record, display);
    if (!end.how.reason.empty()) fmt::print(stderr, "qharness: {}\n", end.how.reason);
    return exit_code(end.how.outcome);
}

}  // namespace

void add_shell_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<shell_options>();
    auto* const shell = app.add_subcommand(
        "shell", "Boot a guest with its console on this terminal; Ctrl-] leaves it");
    shell->add_option("IMAGE", options->machine.image,
                      "image to boot, built when it is not cached");
    options->machine.add_to(*shell);
    shell->add_option("--out", options->out, "folder for the session's record")
        ->capture_default_str()
        ->type_name("DIR");
    shell->add_flag("--dry-run", options->dry_run, "print the QEMU command and run nothing");
    shell->footer(
        "What is typed and what the guest prints is recorded as in a run. Disks are not written "
        "to.\n\n"
        "Examples:\n"
        "  qharness shell tiny\n"
        "  qharness shell debian-pytorch --memory 4G --smp 2 --cpu rv64,v=true,vlen=256\n"
        "  qharness shell --kernel Image --initrd rootfs.cpio.gz");
    shell->callback([options, &exit_code] { exit_code = run_shell(*options); });
}

}  // namespace qh
