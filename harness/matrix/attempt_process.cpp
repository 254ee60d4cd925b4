#include "matrix/attempt_process.hpp"

#include <fcntl.h>
#include <signal.h>

#include <boost/asio/steady_timer.hpp>
#include <cerrno>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/night_directory.hpp"
#include "process/child.hpp"

namespace qh {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// The only run's folder below `folder`; an empty path where there is none.
fs::path run_in(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) return entry.path();
    return {};
}

bool has_result(const fs::path& folder) {
    const auto run = run_in(folder);
    return !run.empty() && fs::exists(run / "result.json");
}

cell_attempt infra_error(const std::string& reason, const fs::path& run) {
    return {"infra_error", reason, run.string(), 0, false};
}

std::string last_words(const fs::path& log) {
    constexpr std::size_t lines = 5;
    try {
        return printable(last_lines(read_file(log), lines));
    } catch (const error&) {
        return {};
    }
}

/// What the run's own record says of it.
cell_attempt judge_attempt(const exit_status& status, const fs::path& folder, const fs::path& log) {
    const auto run = run_in(folder);
    if (run.empty() || !fs::exists(run / "result.json"))
        return infra_error(
            fmt::format("qharness run {} and left no result: {}", status.text(), last_words(log)),
            run);
    const auto result = read_json_file(run / "result.json");
    return {result.value("outcome", "infra_error"), result.value("reason", ""), run.string(),
            result.value(json_path("/cost/wall_s"), 0.0), false};
}

}  // namespace

attempt_process::attempt_process(asio::any_io_executor executor, std::vector<std::string> argv,
                                 fs::path folder, fs::path log, Duration longest)
    : executor_(std::move(executor)),
      argv_(std::move(argv)),
      folder_(std::move(folder)),
      log_(std::move(log)),
      longest_(longest) {}

attempt_process::~attempt_process() = default;

asio::awaitable<cell_attempt> attempt_process::run() {
    const auto began = std::chrono::steady_clock::now();
    cell_attempt result;
    try {
        const unique_fd log(::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
        if (!log)
            throw infrastructure_error("cannot write {}: {}", log_.string(), system_message(errno));
        child_ = std::make_unique<child>(executor_, argv_, std::vector<int>{}, log.get());
        bool too_long = false;
        asio::steady_timer limit(executor_, longest_);
        limit.async_wait([&](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            too_long = true;
            child_->signal(SIGKILL);
        });
        const exit_status status = co_await child_->wait();
        limit.cancel();
        if (interrupted_ && !has_result(folder_))
            result = {"interrupted", "interrupted before it had a result", "", 0, false};
        else
            result = too_long ? infra_error(fmt::format("qharness run did not end within {}",
                                                        format_duration(longest_)),
                                            run_in(folder_))
                              : judge_attempt(status, folder_, log_);
    } catch (const error& e) {
        result = infra_error(e.what(), {});
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    result.seconds = took.count();
    co_return result;
}

void attempt_process::interrupt() {
    interrupted_ = true;
    if (child_) child_->signal(SIGINT);
}

void attempt_process::kill() {
    interrupted_ = true;
    if (child_) child_->signal(SIGKILL);
}

}  // namespace qh
