// Enumerators as text and back, for enums described with BOOST_DESCRIBE_ENUM.
#pragma once

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace qh {

/// An enum that stands in a BOOST_DESCRIBE_ENUM; others do not compile here.
template <typename Enum>
concept described_enum = boost::describe::has_describe_enumerators<Enum>::value;

/// The enumerator's own identifier; empty for a value that is none of them.
template <described_enum Enum>
constexpr std::string_view name_of(Enum value) {
    std::string_view name;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto one) {
        if (one.value == value) name = one.name;
    });
    return name;
}

/// The enumerator with that identifier; nothing where there is none.
template <described_enum Enum>
std::optional<Enum> enum_named(std::string_view name) {
    std::optional<Enum> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto one) {
        if (name == one.name) found = one.value;
    });
    return found;
}

/// All identifiers, in the enum's order.
template <described_enum Enum>
std::vector<std::string_view> names_of() {
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
        [&](auto one) { names.emplace_back(one.name); });
    return names;
}

}  // namespace qh
