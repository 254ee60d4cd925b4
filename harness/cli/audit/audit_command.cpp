#include "cli/audit/audit_command.hpp"

#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

#include "audit/audit_report.hpp"
#include "audit/config_edit.hpp"
#include "audit/config_kind.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "cli/audit/audit_isa_command.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

struct buildroot_arguments {
    std::string file;
    std::vector<std::string> provided;
    std::string min_disk = "15G";
    bool fix = false, print_json = false;
};

audit_options options_of(const buildroot_arguments& arguments,
                         const std::vector<requirement>& table) {
    audit_options options;
    options.min_disk_bytes = static_cast<double>(parse_memory(arguments.min_disk));
    std::vector<std::string_view> known;
    for (const auto& one : table) known.push_back(one.name);
    for (const auto& name : arguments.provided) {
        if (!std::ranges::count(known, name)) {
            const auto near = closest(name, known);
            throw usage_error(
                "--provided: there is no requirement \"{}\"{}; there are: {}", printable(name),
                near.empty() ? "" : "; did you mean \"" + near + "\"?", fmt::join(known, ", "));
        }
        options.provided.insert(name);
    }
    return options;
}

json describe(const std::vector<problem>& list) {
    json warnings = json::array();
    for (const auto& one : list)
        warnings.push_back({{"line", one.range.begin.line},
                            {"column", one.range.begin.column},
                            {"message", one.message}});
    return warnings;
}

json describe(const config_edit& edit) {
    json replaced = json::array();
    for (const auto& one : edit.replaced)
        replaced.push_back({{"line", one.line}, {"before", one.before}, {"after", one.after}});
    return {{"added", edit.added}, {"replaced", replaced}};
}

/// A symbolic link stays one, and the file keeps its mode.
void write_config(const fs::path& path, const std::string& text) {
    const auto file = fs::canonical(path);
    const auto mode = fs::status(file).permissions();
    write_file_atomically(file, text);
    fs::permissions(file, mode);
}

void show(const config_edit& edit, const std::string& file, bool is_complete) {
    if (!edit.changes_anything()) fmt::print("\n{}: nothing to add\n", file);
    if (!edit.changes_anything()) return;
    fmt::print("\n{}: changed\n", file);
    for (const auto& one : edit.replaced)
        fmt::print("  line {}: {} instead of {}\n", one.line, one.after, printable(one.before));
    for (const auto& line : edit.added) fmt::print("  added: {}\n", line);
    fmt::print("now {} and build again\n", is_complete
                                               ? std::string("make olddefconfig")
                                               : "make " + fs::path(file).filename().string());
}

int audit_buildroot(const buildroot_arguments& arguments) {
    const auto table = load_requirements();
    const auto options = options_of(arguments, table);
    auto text = buildroot_config::read(arguments.file);
    auto config = buildroot_config::parse(text, arguments.file);
    check_is_buildroot(text, arguments.file);
    config_edit edit;
    if (arguments.fix) {
        edit = with_settings(text, build_audit(config, table, options).lines_to_add());
        if (edit.changes_anything()) write_config(arguments.file, edit.text);
        text = edit.text;
        config = buildroot_config::parse(text, arguments.file);
    }
    auto warnings = config.warnings();
    if (auto other = other_architecture(config, text, arguments.file))
        warnings.push_back(std::move(*other));
    const build_audit audit(config, table, options);
    if (arguments.print_json) {
        auto document = audit_json(audit);
        document["file"] = arguments.file;
        document["release"] = config.release();
        document["warnings"] = describe(warnings);
        if (arguments.fix) document["fixed"] = describe(edit);
        fmt::print("{}\n", dump(document, 2));
    } else {
        for (const auto& one : warnings) fmt::print(stderr, "{}\n", one.text);
        std::fputs(audit_text(audit).c_str(), stdout);
        if (arguments.fix) show(edit, arguments.file, config.is_complete());
    }
    return audit.is_ready() ? 0 : 1;
}

void add_buildroot(CLI::App& audit, int& exit_code) {
    const auto arguments = std::make_shared<buildroot_arguments>();
    auto* const command = audit.add_subcommand(
        "buildroot", "Is a Buildroot configuration's root filesystem ready to build PyTorch?");
    command->add_option("DEFCONFIG", arguments->file, "a defconfig, or a whole .config")
        ->required();
    command->add_flag("--fix", arguments->fix,
                      "write the lines that are missing into the file, recommended ones too");
    command
        ->add_option("--provided", arguments->provided,
                     "requirements that come from elsewhere: an overlay, a script, a tree of yours")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--min-disk", arguments->min_disk,
                        "how large the root filesystem must be, and more (15G)");
    command->add_flag("--json", arguments->print_json, "print one JSON document");
    command->footer(
        "Ends 1 where something required is missing.\n\n"
        "Examples:\n"
        "  qharness audit buildroot configs/my_defconfig\n"
        "  qharness audit buildroot --fix configs/my_defconfig\n"
        "  qharness audit buildroot --provided gcc,cmake,ninja output/.config");
    command->callback([arguments, &exit_code] { exit_code = audit_buildroot(*arguments); });
}

}  // namespace

void add_audit_command(CLI::App& app, int& exit_code) {
    auto* const audit =
        app.add_subcommand("audit", "Look through what a guest is made of; no guest");
    audit->require_subcommand(1);
    add_buildroot(*audit, exit_code);
    add_audit_isa_command(*audit, exit_code);
}

}  // namespace qh
