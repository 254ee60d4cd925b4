#include "cli/scenario/lint_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/wall_clock.hpp"
#include "matrix/matrix_reader.hpp"
#include "scenario/lint.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

struct lint_options {
    std::vector<std::string> scenarios;
    bool print_json = false;
    bool without_notes = false;
};

json describe(const problem& one) {
    return {{"file", one.file},
            {"line", one.range.begin.line},
            {"column", one.range.begin.column},
            {"end_line", one.range.end.line},
            {"end_column", one.range.end.column},
            {"severity", name_of(one.level)},
            {"message", one.message}};
}

/// A file that cannot be read at all is a mistake at its first line.
problem_list problems_of(const std::string& name) {
    problem_list problems;
    std::string file = name;
    try {
        file = find_scenario(name).string();
        if (is_matrix(json_document::load(file).root()))
            read_matrix(file, utc_now("%Y-%m-%d"), problems);
        else
            lint_file(file, problems);
    } catch (const document_error& mistake) {
        problems.add(mistake);
    } catch (const error& e) {
        problems.add(document_error(file, {}, {}, e.what()));
    }
    return problems;
}

std::string counted(std::size_t count, severity level) {
    return fmt::format("{} {}{}", count, name_of(level), count == 1 ? "" : "s");
}

int lint(const lint_options& options) {
    json found = json::array();
    std::size_t errors = 0, warnings = 0, notes = 0;
    for (const auto& name : options.scenarios) {
        auto problems = problems_of(name);
        if (options.without_notes) problems.forget_notes();
        errors += problems.errors();
        warnings += problems.warnings();
        notes += problems.notes();
        if (!options.print_json) fmt::print("{}", problems.text());
        for (const auto& one : problems.sorted()) found.push_back(describe(one));
    }
    if (options.print_json) {
        const json summary = {
            {"problems", found}, {"errors", errors}, {"warnings", warnings}, {"notes", notes}};
        fmt::print("{}\n", dump(summary, 2));
    } else if (errors + warnings + notes > 0) {
        std::fflush(stdout);
        fmt::print(stderr, "{}, {}, {}\n", counted(errors, severity::error),
                   counted(warnings, severity::warning), counted(notes, severity::note));
    }
    return errors > 0 ? exit_code(fault::usage) : 0;
}

}  // namespace

void add_lint_command(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<lint_options>();
    auto* const command = app.add_subcommand(
        "lint", "Look for mistakes in scenarios, matrices and recipes; no guest");
    command
        ->add_option("SCENARIO", options->scenarios,
                     "scenario files, files that scenarios include, matrix files, image recipes, "
                     "or names of "
                     "shipped scenarios")
        ->required();
    command->add_flag("--json", options->print_json,
                      "print one JSON document, for editors: problems with file, line and column");
    command->add_flag("--no-notes", options->without_notes,
                      "leave out what is no mistake, such as captures that are only recorded");
    command->footer(
        "Prints every mistake, warning and note as file:line:column, with the line. Columns count\n"
        "characters from 1, a tab is one. Ends 4 where there is an error.\n\n"
        "Examples:\n"
        "  qharness lint scenarios/*.json images/*.json\n"
        "  qharness lint --json my.json");
    command->callback([options, &exit_code] { exit_code = lint(*options); });
}

}  // namespace qh
