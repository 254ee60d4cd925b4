#include "scenario/load.hpp"

#include <algorithm>
#include <set>

#include "base/locations.hpp"
#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "scenario/step_reader.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::string value_as_text(const json& value) {
    return value.is_string() ? value.get<std::string>() : dump(value);
}

json read_parameters(const json_document& document,
                     const std::map<std::string, std::string>& settings) {
    json parameters = json::object();
    if (document.root().contains("params")) {
        const json_path path("/params");
        object_reader reader(document, path, "\"params\"");
        parameters = document.root().at(path);
        for (const auto& [name, value] : parameters.items())
            if (value.is_structured() || value.is_null())
                throw reader.problem(name, "a parameter is a text, a number, true or false");
    }
    for (const auto& [name, value] : settings) {
        if (!parameters.contains(name)) {
            std::vector<std::string_view> names;
            for (const auto& item : parameters.items()) names.push_back(item.key());
            const auto near = closest(name, names);
            throw usage_error(
                "{} has no parameter \"{}\" to --set{}{}", document.name(), name,
                names.empty() ? "" : fmt::format("; it has {}", fmt::join(names, ", ")),
                near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
        }
        parameters[name] = value;
    }
    return parameters;
}

/// Puts parameters into every text below `value`.
void fill_in_all(json& value, const name_lookup& lookup) {
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        if (text.find("{{") != std::string::npos) text = fill_in(text, lookup);
    } else if (value.is_structured()) {
        for (auto& item : value) fill_in_all(item, lookup);
    }
}

channel_choice read_channel(object_reader& reader) {
    static const std::map<std::string, channel_choice> choices = {
        {"auto", channel_choice::automatic},
        {"console", channel_choice::console},
        {"virtio", channel_choice::virtio}};
    const auto found = choices.find(reader.text("channel", "auto"));
    if (found == choices.end())
        throw reader.problem("channel", "\"channel\" is \"auto\", \"console\" or \"virtio\"");
    return found->second;
}

/// What is typed at the console's shell, and what its background jobs print there, belongs to the
/// same shell as the commands: a scenario must not mean another thing on another guest.
bool types_at_the_shell(const std::vector<step>& steps) {
    bool shell_reached = false;
    for (const auto& step : steps) {
        const auto* boot = std::get_if<boot_step>(&step.action);
        const bool types = std::holds_alternative<send_step>(step.action) ||
                           std::holds_alternative<expect_step>(step.action);
        if (types && shell_reached) return true;
        if (boot ? boot->until == boot_state::shell : !types) shell_reached = true;
    }
    return false;
}

machine_request read_machine(const json_document& document, const fs::path& folder) {
    object_reader reader(document, json_path("/machine"), "\"machine\"");
    machine_request machine;
    const auto file = [&](const std::string& key) {
        return reader.has(key) ? folder / reader.text(key) : fs::path();
    };
    machine.image = reader.text("image", "");
    machine.qemu = reader.text("qemu", machine.qemu);
    machine.cpu = reader.text("cpu", machine.cpu);
    machine.harts = static_cast<unsigned>(reader.number("smp", machine.harts, 512));
    machine.memory_bytes = reader.memory("memory", machine.memory_bytes);
    machine.kernel = file("kernel");
    machine.initrd = file("initrd");
    for (const auto& drive : reader.texts("drives")) machine.drives.push_back(folder / drive);
    machine.append = reader.text("append", "");
    machine.channel = read_channel(reader);
    machine.extra_arguments = reader.texts("arguments");
    if (!machine.image.empty() && !machine.kernel.empty())
        throw reader.problem("kernel", "give the machine an \"image\" or a \"kernel\", not both");
    reader.finish();
    return machine;
}

/// Refuses `{{name}}` that neither a parameter, a fact nor an earlier capture can fill.
void check_placeholders(const json_document& document, const std::vector<step>& steps) {
    std::set<std::string> known;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        for (const auto& name : group_names(step.capture)) known.insert(name);
        if (const auto* expect = std::get_if<expect_step>(&step.action))
            for (const auto& pattern : expect->patterns)
                for (const auto& name : group_names(pattern.regex)) known.insert(name);
        const auto path = json_path("/steps") / i;
        for (const auto& [key, value] : document.root().at(path).items()) {
            // What a capture cannot fill in is the guest's own text, such as a Jinja template.
            if (key == "run" || key == "python" || key == "send") continue;
            const auto unknown = fill_in(dump(value), [&](std::string_view name) {
                const bool given = known.contains(std::string(name)) ||
                                   name.starts_with("guest.") || name.starts_with("machine.");
                return given ? std::optional<std::string>("") : std::nullopt;
            });
            const auto name = first_placeholder(unknown);
            if (name.empty()) continue;
            throw document.problem(
                path / key,
                fmt::format("nothing gives {{{{{}}}}} a value: it is no parameter and no "
                            "step up to here captures it",
                            name));
        }
    }
}

std::shared_ptr<const console_patterns> read_console_patterns(const json_document& document,
                                                              object_reader& reader) {
    auto patterns = std::make_shared<console_patterns>(
        json_document::load(data_directory() / "scenarios" / "lib" / "failure_patterns.json"));
    if (reader.has("failures")) patterns->add_from_scenario(document, reader.path_of("failures"));
    return patterns;
}

}  // namespace

scenario load_scenario(const fs::path& path, const std::map<std::string, std::string>& settings) {
    auto document = json_document::load(path);
    const fs::path folder = path.parent_path();
    object_reader reader(document, json_path(), "a scenario");
    scenario result;
    result.parameters = read_parameters(document, settings);
    const name_lookup parameters = [&](std::string_view name) -> std::optional<std::string> {
        const auto found = result.parameters.find(std::string(name));
        if (found == result.parameters.end()) return std::nullopt;
        return value_as_text(*found);
    };
    fill_in_all(document.mutable_root(), parameters);
    reader.text("$schema", "");
    reader.has("params");
    result.name = reader.text("name");
    result.description = reader.text("description", "");
    result.timeout = reader.duration("timeout", std::chrono::minutes(30));
    const auto idle_timeout = read_idle_timeout(reader);
    if (reader.has("machine")) {
        const auto unknown = first_placeholder(dump(reader.value("machine")));
        if (!unknown.empty())
            throw reader.problem("machine", fmt::format("there is no parameter \"{}\"", unknown));
        result.machine = read_machine(document, folder);
    }
    const json& steps = reader.value("steps");
    if (!steps.is_array() || steps.empty())
        throw reader.problem("steps", "\"steps\" must be a list of one step or more");
    for (std::size_t i = 0; i < steps.size(); ++i)
        result.steps.push_back(
            read_step(document, json_path("/steps") / i, folder, parameters, idle_timeout));
    for (std::size_t i = 0; i + 1 < result.steps.size(); ++i)
        if (std::holds_alternative<poweroff_step>(result.steps[i].action))
            throw document.problem(json_path("/steps") / (i + 1),
                                   "no step can come after \"poweroff\"");
    result.watched = read_console_patterns(document, reader);
    if (result.machine.channel == channel_choice::automatic && types_at_the_shell(result.steps))
        result.machine.channel = channel_choice::console;
    reader.finish();
    check_placeholders(document, result.steps);
    result.resolved = document.root();
    result.resolved["params"] = result.parameters;
    return result;
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
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(shipped, ignored))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    throw usage_error("there is no scenario {}; qharness ships {}", name, fmt::join(names, ", "));
}

}  // namespace qh
