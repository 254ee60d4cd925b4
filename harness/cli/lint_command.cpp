#include "cli/lint_command.hpp"

#include <memory>

#include "scenario/load.hpp"

namespace qh {
namespace {

struct lint_options {
    std::vector<std::string> scenarios;
    bool print_json = false;
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
void read_all_of(const std::string& name, problem_list& problems) {
    std::string file = name;
    try {
        file = find_scenario(name).string();
        read_scenario(file, {}, problems);
    } catch (const error& e) {
        problems.add(document_error(file, "", {}, e.what()));
    }
}

int lint(const lint_options& options) {
    json found = json::array();
    std::size_t errors = 0, warnings = 0;
    for (const auto& name : options.scenarios) {
        problem_list problems;
        read_all_of(name, problems);
        errors += problems.errors();
        warnings += problems.warnings();
        if (!options.print_json) fmt::print("{}", problems.text());
        for (const auto& one : problems.sorted()) found.push_back(describe(one));
    }
    if (options.print_json)
        fmt::print("{}\n",
                   dump({{"problems", found}, {"errors", errors}, {"warnings", warnings}}, 2));
    else if (errors + warnings > 0)
        fmt::print(stderr, "{} error{}, {} warning{}\n", errors, errors == 1 ? "" : "s", warnings,
                   warnings == 1 ? "" : "s");
    return errors > 0 ? exit_code(fault::usage) : 0;
}

}  // namespace

void add_lint_command(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<lint_options>();
    auto* const command = app.add_subcommand("lint", "Look for mistakes in scenarios; no guest");
    command
        ->add_option("SCENARIO", options->scenarios,
                     "scenario files, or names of those that qharness ships")
        ->required();
    command->add_flag("--json", options->print_json,
                      "print one JSON document, for editors: problems with file, line and column");
    command->footer(
        "Prints every mistake and warning as file:line:column, with the line. Ends 4 where there\n"
        "is an error.\n\n"
        "Examples:\n"
        "  qharness lint scenarios/*.json\n"
        "  qharness lint --json my.json");
    command->callback([options, &exit_code] { exit_code = lint(*options); });
}

}  // namespace qh
