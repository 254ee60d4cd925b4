#include "matrix/slurm_executor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "matrix/attempt_record.hpp"
#include "matrix/slurm_client.hpp"

namespace qh {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// What is ordered within this time goes as one array.
constexpr Duration gathering = std::chrono::milliseconds(100);

const std::vector<std::string> if_waiting = {"scancel", "--state=PENDING"};
const std::vector<std::string> by_sigint = {"scancel", "--signal=INT", "--batch"};
const std::vector<std::string> at_once = {"scancel"};

std::vector<std::string> nodes_of(const attempt_order& order) {
    std::vector<std::string> nodes;
    const auto file = nodes_file(order.folder);
    if (!fs::exists(file)) return nodes;
    const auto text = read_file(file);
    for (const auto line : split_lines(text)) nodes.push_back(printable(line));
    return nodes;
}

fs::path last_folder_of(const attempt_order& order) {
    return folder_of_restart(order.folder, nodes_of(order).size());
}

/// A shared directory may be away for a moment: what cannot be looked for is not there yet.
bool left_a_result(const attempt_order& order) {
    try {
        return has_result(last_folder_of(order));
    } catch (const std::exception&) {
        return false;
    }
}

cell_attempt read_attempt(const slurm_end& end) {
    const auto& order = end.order;
    auto attempt = end.told_to_end && !left_a_result(order)
                       ? interrupted_attempt()
                       : judge_attempt(last_folder_of(order), order.log, end.how);
    attempt.nodes = nodes_of(order);
    if (attempt.nodes.size() < 2) return attempt;
    auto lost = attempt.nodes.front();
    for (std::size_t i = 1; i + 1 < attempt.nodes.size(); ++i) lost += ", " + attempt.nodes[i];
    attempt.reason = fmt::format("begun again by Slurm after it was lost with {}{}{}", lost,
                                 attempt.reason.empty() ? "" : ": ", attempt.reason);
    return attempt;
}

/// What cannot be read of one attempt is that attempt's trouble, not the night's.
cell_attempt judge(const slurm_end& end) {
    try {
        return read_attempt(end);
    } catch (const std::exception& e) {
        return failed_attempt(end.order.folder, fmt::format("{}; {}", end.how, e.what()));
    }
}

slurm_desk::time now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

slurm_executor::slurm_executor(asio::any_io_executor executor, const slurm_cluster& cluster,
                               night_directory& night, message_sink say)
    : executor_(executor),
      cluster_(cluster),
      night_(night),
      say_(std::move(say)),
      name_(night.plan().at("night").get<std::string>()),
      desk_(cluster, name_, static_cast<unsigned>(read_events(night.path(), "slurm_batch").size())),
      wake_(executor) {
    find_earlier_tasks();
}

void slurm_executor::find_earlier_tasks() {
    std::map<std::string, unsigned> batches;
    std::vector<std::string> names;
    const auto events = read_events(night_.path(), "slurm_batch");
    for (const auto& event : events) {
        const auto batch = event.at("batch").get<unsigned>();
        names.push_back(job_name(name_, batch));
        batches[names.back()] = batch;
        std::size_t index = 0;
        for (const auto& attempt : event.at("attempts"))
            earlier_[{attempt.at("cell").get<std::string>(),
                      attempt.at("attempt").get<std::size_t>()}] = {batch, index++, false};
    }
    if (names.empty()) return;
    std::set<std::pair<unsigned, std::size_t>> known;
    for (const auto& task : read_queue(call_slurm(queue_question(names))))
        if (task.state != "CANCELLED") known.insert({batches[task.job], task.index});
    for (auto& [key, place] : earlier_) place.known = known.contains({place.batch, place.index});
}

bool slurm_executor::has_begun(const attempt_order& order) const {
    const auto found = earlier_.find({order.cell, order.number});
    return found != earlier_.end() && (found->second.known || left_a_result(order));
}

asio::awaitable<cell_attempt> slurm_executor::run(attempt_order order) {
    const attempt_key key = {order.cell, order.number};
    waiter here = {asio::steady_timer(executor_, asio::steady_timer::time_point::max()), {}};
    waiters_[key] = &here;
    if (has_begun(order)) {
        const auto& place = earlier_.at(key);
        desk_.follow(std::move(order), place.batch, place.index, now());
    } else {
        desk_.order(std::move(order));
    }
    start_work();
    boost::system::error_code woken;
    co_await here.done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    waiters_.erase(key);
    if (!here.result) std::rethrow_exception(fault_);
    co_return *here.result;
}

void slurm_executor::start_work() {
    if (!std::exchange(working_, true))
        asio::co_spawn(executor_, work(), [this](std::exception_ptr cause) { fail(cause); });
}

asio::awaitable<void> slurm_executor::work() {
    while (!desk_.idle()) {
        co_await pause(gathering);
        for (const auto& batch : desk_.take_batches(now())) co_await submit(batch);
        co_await look();
        const auto unwanted = desk_.take_cancellations();
        co_await cancel(if_waiting, unwanted.waiting);
        // Where it failed for some, the others get a second one, which changes nothing.
        if (co_await cancel(by_sigint, unwanted.interrupt))
            desk_.note_interrupted(unwanted.interrupt);
        co_await cancel(at_once, unwanted.kill);
        deliver();
        if (!desk_.idle()) co_await pause(desk_.pause(now()));
    }
    working_ = false;
}

asio::awaitable<void> slurm_executor::submit(const slurm_batch& batch) {
    std::string refusal;
    try {
        json attempts = json::array();
        for (const auto& order : batch.attempts)
            attempts.push_back({{"cell", order.cell}, {"attempt", order.number}});
        night_.record("slurm_batch", {{"batch", batch.number}, {"attempts", std::move(attempts)}});
        const auto script = night_.path() / fmt::format("slurm-{}.sh", batch.number);
        write_file_atomically(script, script_of(batch, name_));
        const auto id = co_await call(
            submission_of(batch, name_, cluster_, fs::absolute(script), fs::current_path()));
        say_(fmt::format("Slurm has taken {} as job {}",
                         batch.attempts.size() == 1
                             ? "one cell"
                             : fmt::format("{} cells", batch.attempts.size()),
                         printable(trim(id))));
    } catch (const error& e) {
        refusal = e.what();
    }
    if (refusal.empty()) co_return;
    // It may have been taken all the same, where only the answer was lost.
    const std::vector<std::string> all_of_it(1, "--name=" + job_name(name_, batch.number));
    co_await cancel(at_once, all_of_it);
    desk_.refuse(batch.number, refusal);
}

asio::awaitable<void> slurm_executor::look() {
    const auto jobs = desk_.jobs();
    if (jobs.empty()) co_return;
    std::string silence;
    try {
        const auto answer = co_await call(queue_question(jobs));
        desk_.see(read_queue(answer), now(), left_a_result);
    } catch (const error& e) {
        silence = e.what();
    }
    if (!silence.empty()) desk_.see_silence(silence, now());
    for (const auto& message : desk_.take_messages()) say_(message);
}

asio::awaitable<bool> slurm_executor::cancel(std::vector<std::string> command,
                                             const std::vector<std::string>& ids) {
    if (ids.empty()) co_return true;
    command.insert(command.end(), ids.begin(), ids.end());
    bool done = false;
    try {
        co_await call(std::move(command));
        done = true;
    } catch (const error&) {
    }
    co_return done;
}

asio::awaitable<std::string> slurm_executor::call(std::vector<std::string> argv) {
    const auto run = [](std::vector<std::string> words) -> asio::awaitable<std::string> {
        co_return call_slurm(std::move(words));
    };
    co_return co_await asio::co_spawn(commands_, run(std::move(argv)), asio::use_awaitable);
}

asio::awaitable<void> slurm_executor::pause(Duration duration) {
    wake_.expires_after(duration);
    boost::system::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

void slurm_executor::deliver() {
    for (const auto& end : desk_.take_ended()) {
        const auto found = waiters_.find({end.order.cell, end.order.number});
        if (found == waiters_.end()) continue;
        found->second->result = judge(end);
        found->second->done.cancel();
    }
}

/// Nobody waits for the attempts any more, and their tasks must not go on. A second fault leaves
/// them.
void slurm_executor::fail(std::exception_ptr cause) {
    if (!cause) return;
    working_ = false;
    const bool is_first = !std::exchange(fault_, cause);
    for (const auto& [key, waiter] : waiters_) waiter->done.cancel();
    if (!is_first) return;
    interrupt();
    start_work();
}

void slurm_executor::withdraw() {
    desk_.withdraw(now());
    wake_.cancel();
}

void slurm_executor::interrupt() {
    desk_.interrupt(now());
    wake_.cancel();
}

void slurm_executor::kill() {
    desk_.kill(now());
    wake_.cancel();
}

}  // namespace qh
