#include "cli/matrix/report_command.hpp"

#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "base/files.hpp"
#include "cli/matrix/night_display.hpp"
#include "history/history.hpp"
#include "matrix/night_json.hpp"
#include "matrix/night_record.hpp"
#include "report/console_files.hpp"
#include "report/github.hpp"
#include "report/junit.hpp"
#include "report/kcidb.hpp"
#include "report/page.hpp"
#include "report/tap.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

struct report_options {
    std::vector<std::string> folders;
    std::string junit, tap, html, summary, history_file, kcidb, kcidb_origin = "qharness";
    bool merge = false, annotations = false, print_json = false;
};

night_result read_all(const report_options& options) {
    if (options.folders.size() > 1 && !options.merge)
        throw usage_error("several folders are the shards of one night: say --merge");
    std::vector<night_result> nights;
    for (const auto& folder : options.folders) nights.push_back(read_night(folder));
    return options.merge ? merge_nights(nights) : nights.front();
}

/// That of --history, else the one beside the night, where `matrix` keeps it.
fs::path history_for(const report_options& options) {
    if (!options.history_file.empty()) return options.history_file;
    const auto beside = history_beside(options.folders.front());
    return fs::exists(beside) ? beside : fs::path();
}

std::string page_of(const report_options& options, const night_result& night) {
    page_extras extras;
    extras.consoles = read_consoles(night, page_console_bytes);
    if (const auto file = history_for(options); !file.empty()) {
        const history nights(file);
        extras.trends = nights.trends(night);
        if (const auto before = nights.predecessor(night))
            extras.changes = compare_nights(*before, night, nights);
    }
    return night_page(night, extras);
}

int report(const report_options& options) {
    if (!is_kcidb_origin(options.kcidb_origin))
        throw usage_error("--kcidb-origin is of a-z, 0-9 and _, not \"{}\"", options.kcidb_origin);
    const auto night = read_all(options);
    const auto write = [&](const std::string& file, std::string (*make)(const night_result&)) {
        if (!file.empty()) write_file_atomically(file, make(night));
    };
    write(options.junit, junit_report);
    write(options.tap, tap_report);
    write(options.summary, github_summary);
    if (!options.kcidb.empty())
        write_file_atomically(options.kcidb,
                              dump(kcidb_report(night, options.kcidb_origin), 1) + "\n");
    if (!options.history_file.empty()) history(options.history_file).add(night);
    if (!options.html.empty()) write_file_atomically(options.html, page_of(options, night));
    if (options.print_json)
        fmt::print("{}\n", dump(to_json(night), 2));
    else if (options.annotations)
        fmt::print("{}", github_annotations(night));
    else
        fmt::print("{}", night_summary(night, painter(STDOUT_FILENO)));
    const auto missing = night.missing.value_or(std::vector<std::string>());
    for (const auto& name : missing) fmt::print(stderr, "qharness: no shard has run {}\n", name);
    return missing.empty() ? 0 : exit_code(fault::infrastructure);
}

}  // namespace

void add_report_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<report_options>();
    auto* const command =
        app.add_subcommand("report", "Tell of a recorded night or run, for CI systems and people");
    command->add_option("RUN", options->folders, "the folder of a night or of a run")
        ->required()
        ->type_name("DIR");
    const auto add_file = [&](const char* name, std::string& file, const char* description) {
        command->add_option(name, file, description)->type_name("FILE");
    };
    add_file("--junit", options->junit, "write JUnit XML");
    add_file("--tap", options->tap, "write TAP 14");
    add_file("--kcidb", options->kcidb, "write a report of KCIDB's schema 5.3");
    command
        ->add_option("--kcidb-origin", options->kcidb_origin,
                     "the name under which KCIDB knows who reports")
        ->type_name("NAME")
        ->capture_default_str();
    add_file("--html", options->html,
             "write one page that works offline, with what the history says of earlier nights");
    add_file("--github-summary", options->summary, "write Markdown for $GITHUB_STEP_SUMMARY");
    command->add_flag("--github-annotations", options->annotations,
                      "print GitHub's ::error lines instead of the summary");
    command->add_flag("--merge", options->merge, "the folders are shards: make one night of them");
    add_file("--history", options->history_file,
             "add the night to this history, too; else --html looks into history.db beside it");
    command->add_flag("--json", options->print_json, "print the night as one JSON document");
    command->footer(
        "Ends 6 where shards are merged and cells are missing.\n\n"
        "Examples:\n"
        "  qharness report runs/20261126T010000Z-nightly-3f2a --html night.html --junit junit.xml\n"
        "  qharness report --merge shard-*/runs/*-nightly-* --html night.html");
    command->callback([options, &exit_code] { exit_code = report(*options); });
}

}  // namespace qh
