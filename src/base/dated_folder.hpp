// Folders of their own for what is recorded, named after when it began and what it is.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace qh {

/// A name from elsewhere as part of a file's name: its first 60 bytes, of which all but ASCII
/// letters and digits, `.` and `_` become `-`.
std::string file_name_part(std::string_view name);

/// From the host's source of randomness.
unsigned random_number();

/// Makes `parent/<UTC time>-<name>-<short id>`, which was not there before, and `parent` where that
/// is missing. `whose` folder it is, "the run's", stands in the infrastructure error that names
/// `parent` and `--out` where it cannot. `random` gives the short ids.
std::filesystem::path make_dated_folder(const std::filesystem::path& parent, std::string_view name,
                                        std::string_view whose,
                                        const std::function<unsigned()>& random = random_number);

}  // namespace qh
