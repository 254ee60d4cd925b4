#include "base/object_reader.hpp"

#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace qh {
namespace {

const json& object_at(const json_document& document, const json_path& path,
                      const std::string& what) {
    const json& value = document.root().at(path);
    if (!value.is_object()) throw document.problem(path, fmt::format("{} must be an object", what));
    return value;
}

std::optional<std::uint64_t> whole_number(const json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_string()) return std::nullopt;
    const auto& digits = value.get_ref<const std::string&>();
    std::uint64_t number = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [rest, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc() || rest != end) return std::nullopt;
    return number;
}

}  // namespace

object_reader::object_reader(const json_document& document, json_path path, std::string what)
    : document_(document),
      path_(std::move(path)),
      what_(std::move(what)),
      object_(object_at(document, path_, what_)) {}

bool object_reader::has(const std::string& key) {
    known_.insert(key);
    return object_.contains(key);
}

const json& object_reader::value(const std::string& key) {
    return require(key);
}

const json& object_reader::require(const std::string& key) {
    if (!has(key)) throw problem(fmt::format("{} needs \"{}\"", what_, key));
    return object_.at(key);
}

std::string object_reader::text(const std::string& key) {
    const json& found = require(key);
    if (!found.is_string()) throw problem(key, fmt::format("\"{}\" must be a text", key));
    return found.get<std::string>();
}

std::string object_reader::text(const std::string& key, const std::string& fallback) {
    return has(key) ? text(key) : fallback;
}

std::string object_reader::name(const std::string& key) {
    auto given = text(key);
    if (has_control_characters(given))
        throw problem(key, fmt::format("\"{}\" is one line without control characters", key));
    return given;
}

bool object_reader::flag(const std::string& key, bool fallback) {
    if (!has(key)) return fallback;
    if (!object_.at(key).is_boolean())
        throw problem(key, fmt::format("\"{}\" must be true or false", key));
    return object_.at(key).get<bool>();
}

std::uint64_t object_reader::number(const std::string& key, std::uint64_t fallback,
                                    std::uint64_t most) {
    if (!has(key)) return fallback;
    const auto found = whole_number(object_.at(key));
    if (!found || *found > most)
        throw problem(key, fmt::format("\"{}\" must be a whole number from 0 to {}", key, most));
    return *found;
}

Duration object_reader::duration(const std::string& key, Duration fallback) {
    if (!has(key)) return fallback;
    const auto value = text(key);
    try {
        return parse_duration(value);
    } catch (const error& e) {
        throw problem(key, e.what());
    }
}

std::uint64_t object_reader::memory(const std::string& key, std::uint64_t fallback) {
    if (!has(key)) return fallback;
    const auto value = text(key);
    try {
        return parse_memory(value);
    } catch (const error& e) {
        throw problem(key, e.what());
    }
}

std::vector<std::string> object_reader::texts(
    const std::string& key, const std::function<void(const std::string&)>& check) {
    if (!has(key)) return {};
    const json& found = object_.at(key);
    const auto message = fmt::format("\"{}\" must be a text or a list of texts", key);
    if (!found.is_string() && !found.is_array()) throw problem(key, message);
    problem_list problems;
    std::vector<std::string> result;
    const auto take = [&](const json& item, const json_path& path) {
        if (!item.is_string()) throw document_.problem(path, message);
        result.push_back(item.get<std::string>());
        try {
            if (check) check(result.back());
        } catch (const error& e) {
            throw document_.problem(path, e.what());
        }
    };
    if (found.is_string()) take(found, path_ / key);
    for (std::size_t i = 0; found.is_array() && i < found.size(); ++i)
        problems.attempt([&] { take(found[i], path_ / key / i); });
    problems.throw_all();
    return result;
}

void object_reader::finish() const {
    problem_list problems;
    finish(problems);
    problems.throw_all();
}

void object_reader::finish(problem_list& problems) const {
    const std::vector<std::string_view> candidates(known_.begin(), known_.end());
    for (const auto& [key, value] : object_.items()) {
        if (known_.contains(key)) continue;
        if (problems.errors() >= problem_list::most_errors) return;
        const auto near = closest(key, candidates);
        problems.add(document_.key_problem(
            path_ / key,
            fmt::format("{} has no \"{}\"{}", what_, printable(key),
                        near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))));
    }
}

}  // namespace qh
