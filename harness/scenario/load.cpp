#include "scenario/load.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/locations.hpp"
#include "base/object_reader.hpp"
#include "base/problem_list.hpp"
#include "base/text.hpp"
#include "scenario/machine_fields.hpp"
#include "scenario/parameter_scope.hpp"
#include "scenario/scenario_check.hpp"
#include "scenario/step_list.hpp"
#include "scenario/steps/step_reader.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

void apply_settings(parameter_scope& parameters, const std::string& file,
                    const std::map<std::string, std::string>& settings) {
    for (const auto& [name, value] : settings) {
        if (!parameters.contains(name))
            throw usage_error("--set {}: {}", name,
                              unknown_name(file + " has no parameter", name, parameters.names()));
        parameters.set(name, value);
    }
}

/// What is typed at the console's shell, and what its background jobs print there, belongs to the
/// same shell as the commands: a scenario must not mean another thing on another guest.
bool types_at_the_shell(const std::vector<step>& steps) {
    bool shell_reached = false;
    for (const auto& step : steps) {
        const auto place = place_of(step.action);
        if (place == step_place::console && shell_reached) return true;
        if (place == step_place::shell) shell_reached = true;
    }
    return false;
}

void read_machine_into(machine_request& machine, const json_document& document,
                       object_reader& scenario, const fs::path& folder, problem_list& problems) {
    if (!scenario.has("machine")) return;
    if (const auto unknown = placeholders(dump(scenario.value("machine"))); !unknown.empty())
        throw scenario.problem(
            "machine", unknown.front().has_blanks
                           ? unknown.front().stands_for_nothing()
                           : fmt::format("there is no parameter \"{}\"", unknown.front().name));
    object_reader reader(document, json_path("/machine"), "\"machine\"");
    for (const auto& field : machine_fields())
        problems.attempt([&] { field.read(machine, reader, field.key, folder); });
    if (!machine.image.empty() && !machine.kernel.empty())
        problems.add(
            reader.problem("kernel", "give the machine an \"image\" or a \"kernel\", not both"));
    reader.finish(problems);
}

/// What takes long to be typed comes as a disk; a machine has room for some.
void put_uploads_on_disks(std::vector<step>& steps) {
    constexpr std::uint64_t quickly_typed = 16u << 10;
    constexpr int most_disks = 16;
    int disks = 0;
    for (auto& step : steps)
        if (auto* upload = std::get_if<upload_step>(&step.action);
            upload && !upload->source.empty() && upload->size_bytes > quickly_typed &&
            disks < most_disks)
            upload->serial = fmt::format("qharness-file-{}", disks++);
}

std::shared_ptr<console_patterns> read_shipped_patterns() {
    return std::make_shared<console_patterns>(
        json_document::load(data_directory() / "scenarios" / "lib" / "failure_patterns.json"));
}

/// Most scenarios add nothing to the shipped patterns and share them: compiling these takes longer
/// than reading a scenario, and a night reads one for each cell.
std::shared_ptr<const console_patterns> read_console_patterns(const json_document& document,
                                                              object_reader& reader) {
    if (!reader.has("failures")) {
        static const std::shared_ptr<const console_patterns> shipped = read_shipped_patterns();
        return shipped;
    }
    auto patterns = read_shipped_patterns();
    patterns->add_from_scenario(document, reader.path_of("failures"));
    return patterns;
}

/// Reads all of `document` that can be read.
void read_into(scenario& result, json_document document,
               const std::map<std::string, std::string>& settings, problem_list& problems) {
    const fs::path path = document.name();
    const fs::path folder = path.parent_path();
    object_reader reader(document, json_path(), "a scenario");
    parameter_scope parameters(document, folder, problems);
    apply_settings(parameters, path.filename().string(), settings);
    parameters.fill_in_all(document.mutable_root(), false);
    reader.has("params");
    problems.attempt([&] { reader.text("$schema", ""); });
    problems.attempt([&] { result.name = reader.name("name"); });
    problems.attempt([&] { result.description = reader.text("description", ""); });
    problems.attempt([&] { result.tags = read_tags(reader); });
    problems.attempt(
        [&] { result.timeout = reader.duration("timeout", std::chrono::minutes(30)); });
    std::optional<Duration> idle_timeout;
    problems.attempt([&] { idle_timeout = read_idle_timeout(reader); });
    problems.attempt(
        [&] { read_machine_into(result.machine, document, reader, folder, problems); });
    step_list list(idle_timeout, problems);
    problems.attempt([&] {
        reader.value("steps");
        list.read(document, json_path("/steps"), folder, parameters);
    });
    problems.attempt([&] { result.watched = read_console_patterns(document, reader); });
    reader.finish(problems);
    check_scenario({&document, &parameters, result.timeout}, list, problems);
    parameters.warn_of_unused(document, problems);
    result.steps = std::move(list.steps);
    result.secrets = std::move(list.secrets);
    for (auto& secret : parameters.secrets()) result.secrets.push_back(std::move(secret));
    result.unmet = std::move(list.unmet);
    for (auto& sentence : parameters.unmet()) result.unmet.push_back(std::move(sentence));
    put_uploads_on_disks(result.steps);
    if (result.machine.channel == channel_choice::automatic && types_at_the_shell(result.steps))
        result.machine.channel = channel_choice::console;
    result.parameters = parameters.values();
    result.resolved = document.root();
    result.resolved["params"] = result.parameters;
    result.resolved["steps"] = std::move(list.resolved);
}

/// A scenario is only fit to run without mistakes, and where its parameters have values.
scenario fit_to_run(scenario what, const std::string& file, const problem_list& problems) {
    problems.throw_errors();
    for (const auto& sentence : what.unmet)
        throw usage_error("{}: {}; set it, or give the parameter with --set", file, sentence);
    return what;
}

}  // namespace

scenario read_scenario(const fs::path& path, const std::map<std::string, std::string>& settings,
                       problem_list& problems) {
    scenario result;
    problems.attempt([&] { read_into(result, json_document::load(path), settings, problems); });
    return result;
}

scenario load_scenario(json_document document, const std::map<std::string, std::string>& settings) {
    const auto name = document.name();
    problem_list problems;
    scenario result;
    problems.attempt([&] { read_into(result, std::move(document), settings, problems); });
    return fit_to_run(std::move(result), name, problems);
}

scenario load_scenario(const fs::path& path, const std::map<std::string, std::string>& settings) {
    problem_list problems;
    auto result = read_scenario(path, settings, problems);
    return fit_to_run(std::move(result), path.string(), problems);
}

bool is_scenario_name(const fs::path& path) {
    return path.extension() == ".json" && !path.string().ends_with(".matrix.json");
}

fs::path find_scenario(const std::string& name) {
    std::error_code ignored;
    if (fs::is_regular_file(name, ignored)) return name;
    const fs::path shipped = data_directory() / "scenarios";
    const fs::path asked(name);
    for (const fs::path& candidate :
         {shipped / asked.filename(), shipped / (asked.filename().string() + ".json")})
        if (asked.parent_path().empty() || asked.parent_path() == "scenarios")
            if (fs::is_regular_file(candidate, ignored)) return candidate;
    if (fs::exists(name, ignored)) return name;  // its reader says why it cannot be one
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(shipped, ignored))
        if (is_scenario_name(entry.path())) names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    throw usage_error("there is no scenario {}; qharness ships {}", name, fmt::join(names, ", "));
}

}  // namespace qh
