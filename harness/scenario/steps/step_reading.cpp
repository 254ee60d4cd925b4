#include "scenario/steps/step_reading.hpp"

#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "base/enum_names.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "scenario/steps/measurement_reader.hpp"
#include "scenario/steps/pattern_reader.hpp"
#include "scenario/steps/step_reader.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::optional<int> read_exit(object_reader& object) {
    if (object.value("exit") == json("any")) return std::nullopt;
    return static_cast<int>(object.number("exit", 0, 255));
}

std::optional<result_format> read_format(object_reader& object) {
    const auto format = enum_named<result_format>(object.text("parse"));
    if (!format) throw object.problem("parse", "\"parse\" is \"ktap\", \"tap\" or \"jsonl\"");
    return format;
}

std::string read_capture(object_reader& object) {
    auto capture = object.text("capture", "");
    if (!capture.empty()) read_patterns(object, "capture");
    if (!capture.empty() && group_names(capture).empty())
        throw object.problem("capture", "\"capture\" needs a named group: (?P<name>…)");
    return capture;
}

}  // namespace

void require_true(object_reader& object, const std::string& key) {
    if (object.value(key) != json(true))
        throw object.problem(key, fmt::format("write \"{}\": true", key));
}

boot_state read_boot_state(object_reader& object, const std::string& key) {
    const auto name = object.text(key);
    const auto state = enum_named<boot_state>(name);
    if (!state)
        throw object.problem(key, fmt::format("\"{}\" is no boot state; one of {}", name,
                                              fmt::join(names_of<boot_state>(), ", ")));
    return *state;
}

std::string read_code(step_reading& from, const std::string& key) {
    std::string code;
    if (from.object.value(key).is_object()) {
        const auto path = from.object.path_of(key);
        object_reader source(from.document, path, fmt::format("\"{}\"", key));
        fs::path file;
        problem_list problems;
        problems.attempt([&] { file = from.folder / source.text("file"); });
        source.finish(problems);
        problems.throw_all();
        try {
            code = fill_in(read_file(file, 1u << 20), from.parameters);
        } catch (const error& e) {
            throw from.document.problem(path, e.what());
        }
        from.document.mutable_root().at(path) = code;
    } else {
        code = fmt::format("{}", fmt::join(from.object.texts(key), "\n"));
    }
    if (code.find('\0') != std::string::npos)
        throw from.object.problem(key, "a command cannot hold a NUL character");
    return code;
}

void read_output_checks(step_reading& from) {
    auto& object = from.object;
    auto& step = from.step;
    const auto attempt = [&](auto&& read) { from.problems.attempt(read); };
    if (object.has("exit")) attempt([&] { step.exit = read_exit(object); });
    const std::pair<const char*, std::vector<std::string>*> lists[] = {
        {"match", &step.match}, {"not_match", &step.not_match}, {"skip", &step.skip}};
    for (const auto& list : lists)
        attempt([&] { *list.second = read_patterns(object, list.first); });
    attempt([&] { step.capture = read_capture(object); });
    if (object.has("parse")) attempt([&] { step.parse = read_format(object); });
    if (object.has("measure"))
        attempt([&] { step.measure = read_measurement(from.document, object); });
}

void read_checks(step_reading& from) {
    from.problems.attempt([&] { from.step.checks = read_conditions(from.object, "check"); });
}

void refuse_line_breaks(const object_reader& object, const std::string& key,
                        const std::string& text) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        throw object.problem(key, fmt::format("\"{}\" is one line", key));
}

std::string read_guest_path(object_reader& object, const std::string& key) {
    auto path = object.text(key);
    refuse_line_breaks(object, key, path);
    if (path.empty() || path.ends_with('/'))
        throw object.problem(key, fmt::format("\"{}\" is a file's path in the guest", key));
    return path;
}

}  // namespace qh
