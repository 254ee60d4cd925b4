#include "matrix/attempt_record.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/night_directory.hpp"
#include "matrix/written_json.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// The only run's folder below `folder`; an empty path where there is none.
fs::path run_in(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) return entry.path();
    return {};
}

std::string last_words(const fs::path& log) {
    constexpr std::size_t lines = 5;
    try {
        return printable(last_lines(read_file(log), lines));
    } catch (const error&) {
        return {};
    }
}

}  // namespace

bool has_result(const fs::path& folder) {
    const auto run = run_in(folder);
    std::error_code ignored;
    return !run.empty() && fs::exists(run / "result.json", ignored);
}

cell_attempt judge_attempt(const fs::path& folder, const fs::path& log,
                           const std::string& how_it_ended) {
    if (!has_result(folder))
        return failed_attempt(
            folder, fmt::format("{} and left no result: {}", how_it_ended, last_words(log)));
    const auto run = run_in(folder);
    const auto file = run / "result.json";
    const auto result = read_json_file(file);
    return read_as_written(file.string(), [&] { return attempt_of_run(result, run); });
}

cell_attempt attempt_of_run(const json& result, const fs::path& run) {
    cell_attempt attempt;
    attempt.outcome = enum_in<run_outcome>(result, "outcome");
    attempt.reason = result.value("reason", "");
    attempt.record = run.string();
    attempt.seconds = result.value(json_path("/cost/wall_s"), 0.0);
    return attempt;
}

cell_attempt failed_attempt(const fs::path& folder, const std::string& reason) {
    cell_attempt attempt;
    attempt.outcome = run_outcome::infra_error;
    attempt.reason = reason;
    attempt.record = run_in(folder).string();
    return attempt;
}

cell_attempt interrupted_attempt() {
    cell_attempt attempt;
    attempt.outcome = run_outcome::interrupted;
    attempt.reason = "interrupted before it had a result";
    return attempt;
}

}  // namespace qh
