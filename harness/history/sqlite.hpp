// What the history's files need of SQLiteCpp, and its errors as ours.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <filesystem>
#include <utility>

#include "base/error.hpp"

namespace qh {

/// Runs `work` on the database in `file`. What SQLite complains of becomes an infrastructure error
/// that names the file.
template <typename Work>
decltype(auto) with_database(const std::filesystem::path& file, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const SQLite::Exception& e) {
        throw infrastructure_error("{}: {}", file.string(), e.what());
    }
}

}  // namespace qh
