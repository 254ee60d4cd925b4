#include "scenario/step_reader.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include <array>
#include <map>

#include "base/files.hpp"
#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "scenario/comparison.hpp"
#include "scenario/guest_reader.hpp"
#include "scenario/keys.hpp"
#include "scenario/measurement_reader.hpp"
#include "scenario/pattern_reader.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

struct step_kind {
    std::string_view key;
    Duration default_timeout;
    Duration default_idle_timeout = never;  ///< a command may be idle for as long as it likes
};

using namespace std::chrono_literals;

constexpr std::array<step_kind, 13> step_kinds = {{
    {"boot", 3min, 60s},
    {"expect", 30s},
    {"send", 30s},
    {"login", 2min, 60s},
    {"run", 60s},
    {"python", 5min},
    {"facts", 60s},
    {"upload", 5min},
    {"download", 5min},
    {"measure", 30s},
    {"warm", 5min},
    {"reboot", 5min, 60s},
    {"poweroff", 60s},
}};

/// The step's kind; refuses none and several. Only without a command is "measure" one.
step_kind kind_of(object_reader& reader, const json& object) {
    const step_kind* found = nullptr;
    for (const auto& kind : step_kinds) {
        if (!reader.has(std::string(kind.key))) continue;
        if (kind.key == "measure" && found && (found->key == "run" || found->key == "python"))
            continue;
        if (found)
            throw reader.key_problem(
                std::string(kind.key),
                fmt::format("a step is of one kind, this one is \"{}\" and \"{}\"", found->key,
                            kind.key));
        found = &kind;
    }
    if (found) return *found;
    std::vector<std::string_view> names;
    for (const auto& kind : step_kinds) names.push_back(kind.key);
    for (const auto& [key, value] : object.items())
        if (const auto near = closest(key, names); !near.empty())
            throw reader.key_problem(
                key, fmt::format("unknown step kind \"{}\"; did you mean \"{}\"?", key, near));
    throw reader.problem(
        fmt::format("unknown step kind; a step has one of the keys {}", fmt::join(names, ", ")));
}

boot_state read_boot_state(const object_reader& reader, const std::string& key,
                           const std::string& name) {
    static const std::map<std::string, boot_state> states = {{"kernel", boot_state::kernel},
                                                             {"init", boot_state::init},
                                                             {"login", boot_state::login},
                                                             {"shell", boot_state::shell}};
    const auto found = states.find(name);
    if (found == states.end())
        throw reader.problem(
            key, fmt::format("\"{}\" is no boot state; one of kernel, init, login, shell", name));
    return found->second;
}

/// A command given as a text, a list of lines, or {"file": path}.
std::string read_code(json_document& document, object_reader& reader, const std::string& key,
                      const fs::path& folder, const name_lookup& parameters) {
    if (!reader.value(key).is_object())
        return fmt::format("{}", fmt::join(reader.texts(key), "\n"));
    object_reader source(document, reader.path_of(key), fmt::format("\"{}\"", key));
    const fs::path file = folder / source.text("file");
    source.finish();
    std::string code;
    try {
        code = fill_in(read_file(file, 1u << 20), parameters);
    } catch (const error& e) {
        throw document.problem(reader.path_of(key), e.what());
    }
    document.mutable_root().at(reader.path_of(key)) = code;
    return code;
}

send_step read_send(object_reader& reader) {
    const auto text = reader.text("send");
    if (const auto wrong = find_misspelt_key(text))
        throw reader.problem(
            "send",
            fmt::format(
                "there is no key \"{}\"; \"<lt>{}\" types it as it is{}", printable(wrong->written),
                printable(std::string_view(wrong->written).substr(1)),
                wrong->meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", wrong->meant)));
    return {resolve_keys(text)};
}

step_action read_action(json_document& document, object_reader& reader, const std::string& kind,
                        const fs::path& folder, const name_lookup& parameters) {
    const auto require_true = [&] {
        if (reader.value(kind) != json(true))
            throw reader.problem(kind, fmt::format("write \"{}\": true", kind));
    };
    if (kind == "boot") {
        if (!reader.value(kind).is_object())
            return boot_step{read_boot_state(reader, kind, reader.text(kind))};
        object_reader boot(document, reader.path_of(kind), "\"boot\"");
        const auto until = read_boot_state(boot, "until", boot.text("until"));
        boot.finish();
        return boot_step{until};
    }
    if (kind == "expect") return read_expect(document, reader);
    if (kind == "send") return read_send(reader);
    if (kind == "run" || kind == "python") {
        const auto language =
            kind == "run" ? command_step::language::shell : command_step::language::python;
        std::string code = read_code(document, reader, kind, folder, parameters);
        if (code.find('\0') != std::string::npos)
            throw reader.problem(kind, "a command cannot hold a NUL character");
        return command_step{language, std::move(code)};
    }
    if (kind == "login") return read_login(document, reader);
    if (kind == "upload") return read_upload(document, reader, folder);
    if (kind == "download") return read_download(document, reader);
    if (kind == "measure") return measure_step{};
    if (kind == "reboot" && reader.value(kind).is_string())
        return reboot_step{read_boot_state(reader, kind, reader.text(kind))};
    require_true();
    if (kind == "facts") return command_step{command_step::language::facts, {}};
    if (kind == "reboot") return reboot_step{};
    if (kind == "warm") return warm_step{};
    return poweroff_step{};
}

/// Only a shell's command can have it apart; Python's goes where its output goes.
void read_stderr(object_reader& reader, step& result) {
    const auto where = reader.text("stderr", "merge");
    if (where != "merge" && where != "apart")
        throw reader.problem("stderr", "\"stderr\" is \"merge\" or \"apart\"");
    if (auto* command = std::get_if<command_step>(&result.action))
        command->stderr_apart = where == "apart";
    result.match_stderr = reader.texts("match_stderr");
    check_patterns(reader, "match_stderr", result.match_stderr);
    if (!result.match_stderr.empty() && where != "apart")
        throw reader.problem("match_stderr", "\"match_stderr\" needs \"stderr\": \"apart\"");
}

std::optional<result_format> read_format(object_reader& reader) {
    static const std::map<std::string, result_format> formats = {
        {"ktap", result_format::ktap},
        {"tap", result_format::tap},
        {"jsonl", result_format::json_lines}};
    if (!reader.has("parse")) return std::nullopt;
    const auto found = formats.find(reader.text("parse"));
    if (found == formats.end())
        throw reader.problem("parse", "\"parse\" is \"ktap\", \"tap\" or \"jsonl\"");
    return found->second;
}

void read_result_checks(json_document& document, object_reader& reader, step& result,
                        problem_list& problems) {
    problems.attempt([&] {
        if (!reader.has("exit")) return;
        if (reader.value("exit") == json("any"))
            result.exit = std::nullopt;
        else
            result.exit = static_cast<int>(reader.number("exit", 0, 255));
    });
    for (const auto& [key, patterns] : {std::pair{"match", &result.match},
                                        {"not_match", &result.not_match},
                                        {"skip", &result.skip}})
        problems.attempt([&] {
            *patterns = reader.texts(key);
            check_patterns(reader, key, *patterns);
        });
    problems.attempt([&] {
        result.capture = reader.text("capture", "");
        check_pattern(reader, "capture", result.capture);
        if (!result.capture.empty() && group_names(result.capture).empty())
            throw reader.problem("capture", "\"capture\" needs a named group: (?P<name>…)");
    });
    problems.attempt([&] { result.parse = read_format(reader); });
    problems.attempt([&] {
        if (reader.has("measure")) result.measure = read_measurement(document, reader);
    });
}

std::string default_name(const std::string& kind, const json& value) {
    constexpr std::size_t longest = 40;
    if (!value.is_string() || kind == "python") return kind;
    const auto lines = split_lines(value.get_ref<const std::string&>());
    std::string name = fmt::format("{} {}", kind, lines.empty() ? "" : lines.front());
    if (name.size() > longest || lines.size() > 1) {
        name.resize(std::min(name.size(), longest));
        while (!is_valid_utf8(name)) name.pop_back();
        name += "…";
    }
    return printable(name);
}

}  // namespace

std::optional<Duration> read_idle_timeout(object_reader& reader) {
    const std::string key = "idle_timeout";
    if (!reader.has(key)) return std::nullopt;
    const auto& value = reader.value(key);
    if (value == json(false) || value == json("none")) return never;
    if (!value.is_string())
        throw reader.problem(key, "\"idle_timeout\" is a duration such as \"60s\", or \"none\"");
    return reader.duration(key, never);
}

std::vector<std::string> read_conditions(object_reader& reader, const std::string& key) {
    auto conditions = reader.texts(key);
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        try {
            parse_comparison(conditions[i]);
        } catch (const error& e) {
            throw reader.text_problem(key, i, e.what());
        }
    }
    return conditions;
}

std::vector<std::string> read_tags(object_reader& reader) {
    static const re2::RE2 word("[A-Za-z0-9_.-]+");
    auto tags = reader.texts("tags");
    for (const auto& tag : tags)
        if (!re2::RE2::FullMatch(tag, word))
            throw reader.problem("tags", "a tag is made of letters, digits and any of _ . -");
    return tags;
}

std::string unknown_name(const std::string& what, const std::string& name,
                         const std::vector<std::string_view>& known) {
    const auto near = closest(name, known);
    return fmt::format("{} \"{}\"{}{}", what, printable(name),
                       known.empty() ? "" : fmt::format("; it has {}", fmt::join(known, ", ")),
                       near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

std::vector<std::string> step_kind_names() {
    std::vector<std::string> names;
    for (const auto& kind : step_kinds) names.emplace_back(kind.key);
    return names;
}

step read_step(json_document& document, const json_path& path, const fs::path& folder,
               const name_lookup& parameters, std::optional<Duration> idle_timeout,
               problem_list& problems) {
    object_reader reader(document, path, "a step");
    const auto kind = kind_of(reader, document.root().at(path));
    step result;
    result.kind = kind.key;
    problems.attempt([&] {
        result.name = reader.has("name") ? reader.name("name")
                                         : default_name(result.kind, reader.value(result.kind));
    });
    problems.attempt([&] { result.timeout = reader.duration("timeout", kind.default_timeout); });
    problems.attempt([&] {
        result.idle_timeout =
            read_idle_timeout(reader).value_or(idle_timeout.value_or(kind.default_idle_timeout));
    });
    problems.attempt([&] { result.when = read_conditions(reader, "when"); });
    problems.attempt([&] { result.tags = read_tags(reader); });
    problems.attempt([&] {
        const auto on_fail = reader.text("on_fail", "stop");
        if (on_fail != "stop" && on_fail != "continue")
            throw reader.problem("on_fail", "\"on_fail\" is \"stop\" or \"continue\"");
        result.continue_on_failure = on_fail == "continue";
    });
    problems.attempt(
        [&] { result.action = read_action(document, reader, result.kind, folder, parameters); });
    if (result.kind == "run" || result.kind == "python")
        read_result_checks(document, reader, result, problems);
    if (result.kind == "measure")
        problems.attempt([&] {
            result.measure = read_measurement(document, reader);
            if (result.measure->json_lines || result.measure->warmup + result.measure->repeats > 1)
                throw reader.problem("measure", "without a command a step measures one value once");
        });
    if (result.kind == "run") problems.attempt([&] { read_stderr(reader, result); });
    if (result.kind == "run" || result.kind == "python" || result.kind == "facts" ||
        result.kind == "measure")
        problems.attempt([&] { result.checks = read_conditions(reader, "check"); });
    reader.finish(problems);
    return result;
}

}  // namespace qh
