#include "cli/matrix/compare_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/terminal/option_checks.hpp"
#include "history/history.hpp"
#include "matrix/night_record.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

struct compare_options {
    std::string first, second, history_file;
    bool print_json = false;
};

/// Beside the nights, where `matrix` keeps it.
fs::path history_for(const compare_options& options) {
    if (!options.history_file.empty()) return fs::absolute(options.history_file);
    return history_beside(options.second.empty() ? options.first : options.second);
}

/// A folder, or the name of a night that the history has though its folder may be gone.
night_result find_night(const std::string& name, const history& nights) {
    if (fs::is_directory(name)) return read_night(name);
    auto found = nights.load(fs::path(name).filename().string());
    if (!found)
        throw usage_error("there is neither a folder {} nor such a night in the history", name);
    return *std::move(found);
}

int compare(const compare_options& options) {
    const auto file = history_for(options);
    if (!fs::exists(file.parent_path()))
        throw usage_error("{} does not exist", file.parent_path().string());
    const history nights(file);
    const auto after = find_night(options.second.empty() ? options.first : options.second, nights);
    const auto before =
        options.second.empty() ? nights.predecessor(after) : find_night(options.first, nights);
    if (!before)
        throw usage_error("{} has no night of {} before {}", file.string(), after.matrix,
                          after.name);
    const auto comparison = compare_nights(*before, after, nights);
    if (options.print_json) {
        fmt::print("{}\n", dump(comparison, 2));
    } else {
        fmt::print(stderr, "{} against {}\n", comparison["after"].get<std::string>(),
                   comparison["before"].get<std::string>());
        fmt::print("{}", comparison_text(comparison));
    }
    return is_worse(comparison) ? 1 : 0;
}

}  // namespace

void add_compare_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<compare_options>();
    auto* const command = app.add_subcommand(
        "compare", "Say what changed between two nights or runs, or since the night before");
    command
        ->add_option("FIRST", options->first,
                     "a night or run: its folder, or its name in the history")
        ->required()
        ->check(not_empty())
        ->type_name("DIR");
    command
        ->add_option("SECOND", options->second,
                     "the later one; without it, FIRST is compared with its predecessor")
        ->check(not_empty())
        ->type_name("DIR");
    command
        ->add_option("--history", options->history_file,
                     "the history; else history.db beside the night")
        ->type_name("FILE");
    command->add_flag("--json", options->print_json, "print one JSON document");
    command->footer(
        "Ends 1 where something is worse than before.\n\n"
        "Examples:\n"
        "  qharness compare runs/20261126T010000Z-nightly-3f2a\n"
        "  qharness compare runs/20261125T010000Z-nightly-91d0 runs/20261126T010000Z-nightly-3f2a");
    command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace qh
