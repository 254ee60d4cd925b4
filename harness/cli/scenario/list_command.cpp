#include "cli/scenario/list_command.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>

#include "base/locations.hpp"
#include "base/text.hpp"
#include "cli/image/image_list.hpp"
#include "machine/cpu_models.hpp"
#include "scenario/load.hpp"
#include "scenario/steps/step_reader.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

struct list_options {
    std::vector<std::string> sections;
    std::string qemu = "qemu-system-riscv64";
    bool print_json = false, names_only = false;
};

json list_scenarios() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(data_directory() / "scenarios"))
        if (is_scenario_name(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    json found = json::array();
    for (const auto& file : files) {
        // A mistake in one, or a variable that it needs, is no matter of a list.
        problem_list problems;
        const auto one = read_scenario(file, {}, problems);
        found.push_back(
            {{"name", file.stem().string()}, {"description", one.description}, {"tags", one.tags}});
    }
    return found;
}

json list_steps() {
    const auto schema =
        json_document::load(data_directory() / "scenarios" / "schema" / "scenario.schema.json");
    const json& keys = schema.root().at(json_path("/definitions/step/properties"));
    constexpr std::string_view beginning = "A step: ";
    json found = json::array();
    for (const auto& name : step_kind_names()) {
        auto about = keys.at(name).value("description", "");
        if (about.starts_with(beginning)) about.erase(0, beginning.size());
        found.push_back({{"name", name}, {"description", about}});
    }
    return found;
}

json list_cpus(const list_options& options) {
    json found = json::array();
    for (const auto& name : cpu_models(options.qemu)) found.push_back({{"name", name}});
    return found;
}

std::string describe(const json& one) {
    auto text = fmt::format("{:<20} {}", printable(one["name"].get<std::string>()),
                            printable(one.value("description", "")));
    for (const auto& tag : one.value("tags", json::array()))
        text += fmt::format(" [{}]", printable(tag.get<std::string>()));
    return std::string(trim(text));
}

/// An image is described by where it is, once it is somewhere.
std::string image_line(const json& one) {
    return fmt::format("{:<20} {:<10} {}", one["name"].get<std::string>(),
                       one["state"].get<std::string>(),
                       one[one["folder"] == "" ? "description" : "folder"].get<std::string>());
}

struct section {
    std::string name;
    std::function<json(const list_options&)> list;
    std::function<std::string(const json&)> line = describe;
};

const std::vector<section>& all_sections() {
    static const std::vector<section> sections = {
        {"scenarios", [](const auto&) { return list_scenarios(); }},
        {"steps", [](const auto&) { return list_steps(); }},
        {"images", [](const auto&) { return to_json(list_images()); }, image_line},
        {"cpus", list_cpus},
    };
    return sections;
}

int list(const list_options& options) {
    json document = json::object();
    const bool several = options.sections.size() != 1;
    for (const auto& section : all_sections()) {
        const bool wanted =
            options.sections.empty() ||
            std::ranges::find(options.sections, section.name) != options.sections.end();
        if (!wanted) continue;
        const auto found = section.list(options);
        document[section.name] = found;
        if (options.print_json) continue;
        if (several && !options.names_only) fmt::print("{}:\n", section.name);
        for (const auto& one : found)
            fmt::print("{}{}\n", several && !options.names_only ? "  " : "",
                       options.names_only ? one["name"].get<std::string>() : section.line(one));
    }
    if (options.print_json) fmt::print("{}\n", dump(document, 2));
    return 0;
}

}  // namespace

void add_list_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<list_options>();
    auto* const command = app.add_subcommand(
        "list", "List scenarios, kinds of steps, images, and the CPUs of this QEMU");
    std::vector<std::string> names;
    for (const auto& section : all_sections()) names.push_back(section.name);
    command->add_option("WHAT", options->sections, "what to list; all of it by default")
        ->check(CLI::IsMember(names));
    command->add_option("--qemu", options->qemu, "the QEMU to ask for its CPUs")
        ->type_name("PROGRAM");
    command->add_flag("--json", options->print_json, "print one JSON document");
    command->add_flag("--names", options->names_only, "print the names alone");
    command->footer(
        "Examples:\n"
        "  qharness list scenarios\n"
        "  qharness list cpus --qemu ./qemu-system-riscv64\n"
        "  qharness list --json");
    command->callback([options, &exit_code] { exit_code = list(*options); });
}

}  // namespace qh
