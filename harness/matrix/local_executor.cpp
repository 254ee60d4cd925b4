#include "matrix/local_executor.hpp"

#include "matrix/attempt_process.hpp"

namespace qh {

namespace asio = boost::asio;

local_executor::local_executor(asio::any_io_executor executor) : executor_(std::move(executor)) {}

asio::awaitable<cell_attempt> local_executor::run(attempt_order order) {
    auto argv = order.argv;
    argv.insert(argv.end(), {"--out", order.folder.string()});
    attempt_process process(executor_, std::move(argv), order.folder, order.log, order.longest);
    running_.insert(&process);
    auto result = co_await process.run();
    running_.erase(&process);
    co_return result;
}

void local_executor::interrupt() {
    for (auto* const process : running_) process->interrupt();
}

void local_executor::kill() {
    for (auto* const process : running_) process->kill();
}

}  // namespace qh
