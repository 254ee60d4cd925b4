#include "cli/matrix/matrix_command.hpp"

#include <fmt/ranges.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/units.hpp"
#include "base/wall_clock.hpp"
#include "build_config.hpp"
#include "cli/image/terminal_images.hpp"
#include "cli/matrix/cell_choice.hpp"
#include "cli/matrix/night_display.hpp"
#include "cli/terminal/option_checks.hpp"
#include "history/history.hpp"
#include "launch/night/matrix_plan.hpp"
#include "matrix/local_executor.hpp"
#include "matrix/matrix_reader.hpp"
#include "matrix/night_json.hpp"
#include "matrix/night_record.hpp"
#include "matrix/written_json.hpp"
#include "record/host.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr int nothing_selected = 5;

std::string today() {
    return utc_now("%Y-%m-%d");
}

scheduler_limits limits_of(const night_executor& executor, const matrix_options& options) {
    auto limits = executor.limits(options.jobs);
    limits.fail_fast = options.fail_fast;
    return limits;
}

std::vector<night_cell> ready_cells(const std::vector<json>& planned,
                                    const std::map<std::string, double>& known) {
    std::vector<std::string> names;
    for (const auto& plan : planned) names.push_back(plan["name"].get<std::string>());
    const auto seconds = expected_seconds(names, known);
    std::vector<night_cell> cells;
    for (std::size_t i = 0; i < planned.size(); ++i)
        cells.push_back(ready_cell(planned[i], seconds[i]));
    return cells;
}

std::string duration_text(double seconds) {
    return format_duration(Duration(static_cast<Duration::rep>(seconds * 1000)));
}

int print_plan(const std::vector<night_cell>& cells, const std::map<std::string, double>& known,
               const night_executor& executor, const matrix_options& options) {
    std::vector<cell_load> loads;
    json list = json::array();
    std::size_t unknown = 0;
    for (const auto& cell : cells) {
        loads.push_back(cell.load);
        json seconds;
        if (const auto found = known.find(cell.what.name); found != known.end())
            seconds = found->second;
        unknown += seconds.is_null() ? 1 : 0;
        list.push_back({{"name", cell.what.name}, {"expected_s", seconds}});
        if (!options.print_json)
            fmt::print("{:>10}  {}\n", seconds.is_null() ? "?" : duration_text(seconds),
                       cell.what.name);
    }
    const auto limits = limits_of(executor, options);
    const double total = simulate(loads, limits);
    if (options.print_json)
        fmt::print("{}\n", dump({{"cells", list}, {"estimated_s", total}}, 2));
    else
        fmt::print(
            "{} cells, about {} with {}{}\n", cells.size(), duration_text(total),
            limits.jobs < most_cells ? fmt::format("{} jobs", limits.jobs) : "room for all at once",
            unknown == 0 ? "" : fmt::format("; {} of them have no past to tell from", unknown));
    return 0;
}

json plan_of(const expanded_matrix& matrix, const std::vector<json>& planned, json all,
             const night_executor& executor, const matrix_options& options) {
    json plan = {{"schema", 1},
                 {"name", matrix.what.name},
                 {"description", matrix.what.description},
                 {"file", matrix.what.file.string()},
                 {"qharness", QHARNESS_VERSION},
                 {"started", utc_now("%Y-%m-%dT%H:%M:%SZ")},
                 {"host", describe_host()},
                 {"all_cells", std::move(all)},
                 {"cells", planned}};
    if (executor.name() != default_executor) plan["executor"] = executor.name();
    if (!options.shard.empty()) plan["shard"] = options.shard;
    if (!options.filter.empty() || options.rerun_failed) plan["partial"] = true;
    return plan;
}

int exit_code_of(const night_result& night, bool interrupted) {
    std::vector<cell_status> statuses;
    for (const auto& cell : night.cells) statuses.push_back(cell.status);
    return exit_code(statuses, interrupted);
}

int run_cells(std::vector<night_cell> cells, const std::vector<json>& planned,
              night_directory& directory, std::unique_ptr<night_executor> executor,
              const matrix_options& options) {
    const auto say = [](const std::string& line) { fmt::print(stderr, "  {}\n", line); };
    const auto& plan = directory.plan();
    fmt::print(stderr, "{}: {} cells: {}\n", plan.at("name").get<std::string>(), cells.size(),
               directory.path().string());
    night_options night;
    night.program = fs::read_symlink("/proc/self/exe").string();
    night.limits = limits_of(*executor, options);
    night.today = plan.at("started").get<std::string>().substr(0, 10);
    night.executor = std::move(executor);
    terminal_images images;
    check_before_the_night(cells, planned, std::min(night.limits.jobs, host_cores()), images, say);
    night.executor->refuse_impossible(cells, say);
    night_display display(cells.size(), night.today);
    const bool interrupted = run_night(cells, night, directory, display);
    const auto result = read_night(directory.path());
    directory.write_result(result);
    if (options.print_json)
        fmt::print("{}\n", dump(to_json(result), 2));
    else
        fmt::print("{}", night_summary(result, painter(STDOUT_FILENO)));
    std::fflush(stdout);
    history(history_for(options)).add(result);
    return exit_code_of(result, interrupted);
}

int resume(matrix_options options) {
    // The history beside the night, wherever we are called.
    options.out = fs::absolute(options.resume / fs::path("..")).lexically_normal().string();
    const auto plan = read_plan(options.resume);
    const auto read = [&](auto what) {
        return read_as_written((options.resume / fs::path("night.json")).string(), what);
    };
    // Nothing is recorded of a night that cannot go on.
    auto executor =
        make_executor(read([&] { return plan.value("executor", std::string(default_executor)); }));
    auto directory = night_directory::reopen(options.resume);
    const auto planned = read([&] { return plan.at("cells").get<std::vector<json>>(); });
    const auto matrix = read([&] { return plan.at("name").get<std::string>(); });
    const auto known = known_seconds(matrix, options);
    auto cells = read([&] { return ready_cells(planned, known); });
    executor->connect();
    return run_cells(std::move(cells), planned, directory, std::move(executor), options);
}

int run_matrix(const matrix_options& options) {
    if (!options.resume.empty()) return resume(options);
    if (options.file.empty()) throw usage_error("matrix wants a FILE, or --resume with a night");
    auto executor = make_executor(options.executor);
    const auto matrix = load_matrix(options.file, today());
    const auto known = known_seconds(matrix.what.name, options);
    json all = json::array();
    const auto chosen = choose(matrix, options, all);
    if (chosen.empty()) {
        fmt::print(stderr, "qharness: no cell of {} is what the options ask for\n",
                   matrix.what.name);
        return nothing_selected;
    }
    const auto planned = plan_cells(chosen, matrix.what);
    auto cells = ready_cells(planned, known);
    if (options.dry_run) return print_plan(cells, known, *executor, options);
    executor->connect();
    auto directory = night_directory::make(
        options.out, plan_of(matrix, planned, std::move(all), *executor, options));
    return run_cells(std::move(cells), planned, directory, std::move(executor), options);
}

void add_options(CLI::App& command, matrix_options& options) {
    command.add_option("FILE", options.file, "a matrix file")->type_name("FILE");
    command.add_option("--filter", options.filter, "only cells whose name has this regex")
        ->type_name("REGEX");
    command
        .add_option("--with", options.with,
                    "also the cells that the file makes optional under this word (repeatable)")
        ->allow_extra_args(false)
        ->type_name("WORD");
    command
        .add_option("--shard", options.shard,
                    "only one of N equal parts, as in 2/5, balanced by what the cells took before")
        ->type_name("I/N");
    command
        .add_option("--jobs", options.jobs,
                    "cells at a time; else one for each of the cores, or what Slurm has room for")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}))
        ->type_name("N");
    command.add_flag("--rerun-failed", options.rerun_failed,
                     "only cells that failed or were not run in the newest night");
    command.add_flag("--failfast", options.fail_fast,
                     "start no more cells once one has failed unexpectedly");
    command
        .add_option("--executor", options.executor,
                    "where cells run: this host, or a cluster that has this folder, qharness, QEMU "
                    "and the images on all nodes")
        ->check(CLI::IsMember(executor_names()))
        ->capture_default_str()
        ->type_name(fmt::format("{}", fmt::join(executor_names(), "|")));
    command
        .add_option("--resume", options.resume, "go on with a night that was interrupted or killed")
        ->excludes("--executor")
        ->excludes("--filter")
        ->excludes("--with")
        ->excludes("--shard")
        ->excludes("--rerun-failed")
        ->check(not_empty())
        ->type_name("DIR");
    command.add_option("--out", options.out, "folder for the nights' records")
        ->capture_default_str()
        ->check(not_empty())
        ->type_name("DIR");
    command
        .add_option(
            "--history", options.history_file,
            "the file that gets the night's results; else history.db in the folder of --out")
        ->type_name("FILE");
    command.add_flag("--json", options.print_json, "print the night as one JSON document");
    command.add_flag("--dry-run", options.dry_run,
                     "print the cells and how long they will take, and run nothing");
}

}  // namespace

void add_matrix_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<matrix_options>();
    auto* const command =
        app.add_subcommand("matrix", "Run scenarios on many machines, and account for each");
    add_options(*command, *options);
    command->footer(
        "Ends 1 where a cell failed unexpectedly, else 6 where QEMU, an image or the host failed,\n"
        "else 0.\n\n"
        "Examples:\n"
        "  qharness matrix scenarios/nightly.matrix.json --dry-run\n"
        "  qharness matrix scenarios/nightly.matrix.json --jobs 4\n"
        "  qharness matrix scenarios/nightly.matrix.json --filter 'rva23s64 smp=1'\n"
        "  qharness matrix scenarios/nightly.matrix.json --shard 1/3\n"
        "  qharness matrix scenarios/nightly.matrix.json --rerun-failed\n"
        "  qharness matrix scenarios/nightly.matrix.json --executor slurm --out /shared/runs\n"
        "  qharness matrix --resume runs/20261126T010000Z-nightly-3f2a");
    command->callback([options, &exit_code] { exit_code = run_matrix(*options); });
}

}  // namespace qh
