// Reading JSON that qharness itself has written, which may be damaged or of another version.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/enum_names.hpp"
#include "base/json.hpp"

namespace qh {

/// Runs `read`, which reads JSON of `source`. A value of the wrong type becomes a usage error, and
/// errors name the source.
template <typename Read>
decltype(auto) read_as_written(const std::string& source, Read&& read) {
    try {
        return with_context(source, std::forward<Read>(read));
    } catch (const json::exception& e) {
        throw usage_error("{} is not what qharness wrote there: {}", source, e.what());
    }
}

/// The enumerator of the name that stands under `key`. Throws a usage error where there is none.
template <described_enum Enum>
Enum enum_in(const json& object, const char* key) {
    const auto& name = object.at(key).get_ref<const std::string&>();
    if (const auto found = enum_named<Enum>(name)) return *found;
    throw usage_error("there is no {} \"{}\"", key, name);
}

/// The value under `key`; nothing where it is missing or null.
template <typename Value>
std::optional<Value> optional_in(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return std::nullopt;
    return found->get<Value>();
}

}  // namespace qh
