#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/error.hpp"
#include "build_config.hpp"
#include "cli/audit/audit_command.hpp"
#include "cli/host/doctor_command.hpp"
#include "cli/image/image_command.hpp"
#include "cli/manual/manual_command.hpp"
#include "cli/matrix/compare_command.hpp"
#include "cli/matrix/matrix_command.hpp"
#include "cli/matrix/report_command.hpp"
#include "cli/replay/play_command.hpp"
#include "cli/replay/replay_command.hpp"
#include "cli/run/run_command.hpp"
#include "cli/run/shell_command.hpp"
#include "cli/scenario/lint_command.hpp"
#include "cli/scenario/list_command.hpp"
#include "cli/terminal/parse_error.hpp"

namespace {

int run(int argc, char** argv) {
    CLI::App app(
        "Boots RISC-V guests in QEMU, drives their console through scenarios and records "
        "what happened.");
    app.name("qharness");
    app.set_version_flag("--version", "qharness " QHARNESS_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  qharness doctor\n"
        "  qharness run smoke\n"
        "  qharness shell tiny\n\n"
        "Exit codes: 0 passed, 1 a scenario did not pass, 2 interrupted, 3 internal error,\n"
        "4 usage or invalid scenario, 5 nothing selected, 6 QEMU, image or host.");
    int exit_code = 0;
    qh::add_run_command(app, argv[0], exit_code);
    qh::add_matrix_command(app, exit_code);
    qh::add_replay_command(app, exit_code);
    qh::add_play_command(app, exit_code);
    qh::add_compare_command(app, exit_code);
    qh::add_report_command(app, exit_code);
    qh::add_shell_command(app, exit_code);
    qh::add_lint_command(app, exit_code);
    qh::add_list_command(app, exit_code);
    qh::add_image_command(app, exit_code);
    qh::add_audit_command(app, exit_code);
    qh::add_doctor_command(app, exit_code);
    qh::add_manual_commands(app, exit_code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e);
        std::fputs(qh::explain(app, e).c_str(), stderr);
        return qh::exit_code(qh::fault::usage);
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);
    try {
        return run(argc, argv);
    } catch (const qh::error& e) {
        std::fprintf(stderr, "qharness: %s\n", e.what());
        return qh::exit_code(e.kind());
    } catch (const std::exception& e) {
        std::fprintf(stderr, "qharness: internal error: %s\n", e.what());
        return qh::exit_code(qh::fault::internal);
    }
}
