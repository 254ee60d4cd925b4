#include "cli/audit/audit_isa_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "audit/isa_report.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/cpu_query.hpp"
#include "scenario/scenario.hpp"

namespace qh {
namespace {

struct isa_arguments {
    std::string path;
    std::string cpu = machine_request().cpu, qemu = machine_request().qemu;
    bool print_json = false;
};

void show_warnings(const cpu_answer& answer) {
    std::fputs(printable(answer.warnings).c_str(), stderr);
}

int audit_isa(const isa_arguments& arguments) {
    const auto answer = ask_cpu(arguments.qemu, arguments.cpu);
    program_survey survey;
    isa_question question{arguments.path, arguments.cpu, {}, {}};
    question.tree = read_tree(arguments.path, std::max(1u, std::thread::hardware_concurrency()),
                              [&](const tree_entry& entry) { survey.add(entry); });
    const isa_audit audit(survey, answer.offer);
    question.advice = advise_cpus(survey, audit, arguments.cpu, [&](const std::string& cpu) {
        return ask_whether_cpu(arguments.qemu, cpu);
    });
    show_warnings(answer);
    if (arguments.print_json)
        fmt::print("{}\n", dump(isa_json(question, survey, audit), 2));
    else
        std::fputs(isa_text(question, survey, audit).c_str(), stdout);
    return audit.fits() && audit.programs() > 0 && survey.all_readable() ? 0 : 1;
}

}  // namespace

void add_audit_isa_command(CLI::App& audit, int& exit_code) {
    const auto arguments = std::make_shared<isa_arguments>();
    auto* const command =
        audit.add_subcommand("isa", "Which files need what a CPU lacks? QEMU says what it has");
    command
        ->add_option(
            "PATH", arguments->path,
            "a folder, an initramfs or tar archive, an ext4 or qcow2 image, or an ELF file")
        ->required();
    command->add_option("--cpu", arguments->cpu, "as for QEMU's -cpu: rv64,v=true,vlen=256")
        ->capture_default_str()
        ->type_name("CPU");
    command->add_option("--qemu", arguments->qemu, "the QEMU to ask")->type_name("PROGRAM");
    command->add_flag("--json", arguments->print_json, "print one JSON document");
    command->footer(
        "Ends 1 where a file needs what the CPU lacks. Vector code in files whose attributes do "
        "not\n"
        "ask for vectors is told and does not count: such files choose at run time.\n\n"
        "Examples:\n"
        "  qharness audit isa rootfs.cpio.gz --cpu rva22s64\n"
        "  qharness audit isa disk.qcow2 --cpu rv64,v=true,vlen=256\n"
        "  qharness audit isa build/lib/libtorch_cpu.so --json");
    command->callback([arguments, &exit_code] { exit_code = audit_isa(*arguments); });
}

}  // namespace qh
