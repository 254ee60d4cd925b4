// What an action that must fail says.
#pragma once

#include <string>

#include "base/error.hpp"

namespace qh::test {

/// The message of the qh::error that `action` throws; a note where it throws none.
template <typename Action>
std::string message_of(Action&& action) {
    try {
        action();
    } catch (const error& e) {
        return e.what();
    }
    return "(no error)";
}

/// Whether `action` throws a qh::error of this kind.
template <typename Action>
bool fails_with(fault kind, Action&& action) {
    try {
        action();
    } catch (const error& e) {
        return e.kind() == kind;
    }
    return false;
}

}  // namespace qh::test
