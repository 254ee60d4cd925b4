#include "cli/matrix/matrix_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

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
#include "matrix/matrix_reader.hpp"
#include "matrix/night_record.hpp"
#include "matrix/slurm_client.hpp"
#include "record/host.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr int nothing_selected = 5;

std::string today() {
    return utc_now("%Y-%m-%d");
}

/// Memory that guests can have, in bytes; without limit where the host does not tell.
std::uint64_t available_memory_bytes() {
    std::ifstream file("/proc/meminfo");
    std::string key;
    for (std::uint64_t kib = 0; file >> key >> kib; file.ignore(1000, '\n'))
        if (key == "MemAvailable:") return kib * 1024;
    return UINT64_MAX;
}

std::size_t cores() {
    return std::max(1u, std::thread::hardware_concurrency());
}

bool uses_slurm(const matrix_options& options) {
    return options.executor == "slurm";
}

scheduler_limits limits_of(const matrix_options& options) {
    scheduler_limits limits;
    limits.fail_fast = options.fail_fast;
    if (uses_slurm(options)) {
        // Who has room for what is Slurm's to know.
        limits.jobs = options.jobs == 0 ? most_cells : options.jobs;
        limits.harts = std::numeric_limits<unsigned>::max();
        return limits;
    }
    limits.jobs = options.jobs == 0 ? cores() : options.jobs;
    limits.harts = static_cast<unsigned>(std::max(cores(), limits.jobs));
    limits.memory_bytes = available_memory_bytes();
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
               const matrix_options& options) {
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
    const auto limits = limits_of(options);
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
             const matrix_options& options) {
    json plan = {{"schema", 1},
                 {"name", matrix.what.name},
                 {"description", matrix.what.description},
                 {"file", matrix.what.file.string()},
                 {"qharness", QHARNESS_VERSION},
                 {"started", utc_now("%Y-%m-%dT%H:%M:%SZ")},
                 {"host", describe_host()},
                 {"all_cells", std::move(all)},
                 {"cells", planned}};
    if (uses_slurm(options)) plan["executor"] = options.executor;
    if (!options.shard.empty()) plan["shard"] = options.shard;
    if (!options.filter.empty() || options.rerun_failed) plan["partial"] = true;
    return plan;
}

int exit_code_of(const json& night, bool interrupted) {
    std::vector<cell_status> statuses;
    for (const auto& cell : night["cells"])
        for (const auto status :
             {cell_status::passed, cell_status::flaky, cell_status::expected_failure,
              cell_status::quarantined, cell_status::failed, cell_status::infra_error,
              cell_status::not_run})
            if (cell["status"] == name_of(status)) statuses.push_back(status);
    return exit_code(statuses, interrupted);
}

std::optional<slurm_cluster> cluster_for(const matrix_options& options) {
    if (!uses_slurm(options)) return std::nullopt;
    return ask_cluster();
}

int run_cells(std::vector<night_cell> cells, const std::vector<json>& planned,
              night_directory& directory, const std::optional<slurm_cluster>& cluster,
              const matrix_options& options) {
    const auto say = [](const std::string& line) { fmt::print(stderr, "  {}\n", line); };
    fmt::print(stderr, "{}: {} cells: {}\n", directory.plan()["name"].get<std::string>(),
               cells.size(), directory.path().string());
    night_options night;
    night.program = fs::read_symlink("/proc/self/exe").string();
    night.limits = limits_of(options);
    night.today = directory.plan()["started"].get<std::string>().substr(0, 10);
    night.slurm = cluster;
    terminal_images images;
    check_before_the_night(cells, planned, std::min(night.limits.jobs, cores()), images, say);
    if (cluster) check_with_slurm(cells, *cluster, say);
    night_display display(cells.size(), night.today);
    const bool interrupted = run_night(cells, night, directory, display);
    const auto result = read_night(directory.path());
    directory.write_result(result);
    if (options.print_json)
        fmt::print("{}\n", dump(result, 2));
    else
        fmt::print("{}", night_summary(result, painter(STDOUT_FILENO)));
    std::fflush(stdout);
    history(history_for(options)).add(result);
    return exit_code_of(result, interrupted);
}

int resume(matrix_options options) {
    // The history beside the night, wherever we are called.
    options.out = fs::absolute(options.resume / fs::path("..")).lexically_normal().string();
    auto directory = night_directory::reopen(options.resume);
    options.executor = directory.plan().value("executor", "local");
    const auto planned = directory.plan().at("cells").get<std::vector<json>>();
    const auto known = known_seconds(directory.plan().at("name").get<std::string>(), options);
    return run_cells(ready_cells(planned, known), planned, directory, cluster_for(options),
                     options);
}

int run_matrix(const matrix_options& options) {
    if (!options.resume.empty()) return resume(options);
    if (options.file.empty()) throw usage_error("matrix wants a FILE, or --resume with a night");
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
    if (options.dry_run) return print_plan(cells, known, options);
    const auto cluster = cluster_for(options);
    auto directory =
        night_directory::make(options.out, plan_of(matrix, planned, std::move(all), options));
    return run_cells(std::move(cells), planned, directory, cluster, options);
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
        ->check(CLI::IsMember({"local", "slurm"}))
        ->capture_default_str()
        ->type_name("local|slurm");
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
