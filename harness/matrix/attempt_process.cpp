#include "matrix/attempt_process.hpp"

#include <fcntl.h>
#include <signal.h>

#include <boost/asio/steady_timer.hpp>
#include <cerrno>

#include "base/error.hpp"
#include "base/files.hpp"
#include "matrix/attempt_record.hpp"
#include "process/child.hpp"

namespace qh {

namespace asio = boost::asio;
namespace fs = std::filesystem;

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
            result = interrupted_attempt();
        else if (too_long)
            result = failed_attempt(folder_, fmt::format("qharness run did not end within {}",
                                                         format_duration(longest_)));
        else
            result = judge_attempt(folder_, log_, "qharness run " + status.text());
    } catch (const std::exception& e) {
        result = failed_attempt(folder_, e.what());
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
