#include "matrix/night.hpp"

#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <map>
#include <memory>

#include "matrix/night_json.hpp"

namespace qh {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

attempt_end end_of(const cell& what, const cell_attempt& attempt, const std::string& today) {
    switch (status_of(what, as_cell_outcome(attempt.outcome), today)) {
        case cell_status::passed:
            return attempt_end::passed;
        case cell_status::expected_failure:
            return attempt_end::as_expected;
        case cell_status::quarantined:
            return attempt_end::tolerated;
        case cell_status::infra_error:
            return attempt_end::infra_error;
        case cell_status::not_run:
            return attempt_end::interrupted;
        case cell_status::flaky:
        case cell_status::failed:
            return attempt_end::failed;
    }
    return attempt_end::failed;
}

class night {
  public:
    night(std::vector<const night_cell*> cells, std::map<std::string, cell_progress> progress,
          const night_options& options, night_directory& directory, night_listener& listener)
        : cells_(std::move(cells)),
          progress_(std::move(progress)),
          options_(options),
          directory_(directory),
          listener_(listener),
          executor_(options.executor->begin(
              context_.get_executor(), directory,
              [&listener](const std::string& text) { listener.on_message(text); })),
          scheduler_(loads(), options.limits),
          signals_(context_, SIGINT, SIGTERM) {}

    bool run() {
        const auto began = std::chrono::steady_clock::now();
        asio::co_spawn(context_, watch_signals(), asio::detached);
        start_what_fits();
        context_.run();
        if (fault_) std::rethrow_exception(fault_);
        if (!scheduler_.stopped().empty() && scheduler_.waiting() > 0)
            directory_.record("night_stopped", {{"reason", scheduler_.stopped()}});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        directory_.record("night_finished", {{"wall_s", took.count()}});
        return interrupted_ > 0;
    }

  private:
    void start_what_fits() {
        while (const auto at = scheduler_.next())
            asio::co_spawn(context_, attempt(*at),
                           [this](std::exception_ptr cause) { keep(cause); });
        if (scheduler_.done()) signals_.cancel();
    }

    attempt_order order_of(const night_cell& cell, std::size_t number) const {
        attempt_order order;
        order.cell = cell.what.name;
        order.number = number;
        order.load = cell.load;
        // A night is to boot, and each cell would leave a machine of its own.
        order.argv = {options_.program, "run", "--cold"};
        order.argv.insert(order.argv.end(), cell.arguments.begin(), cell.arguments.end());
        order.folder = directory_.attempt_folder(cell.what.name, number);
        order.log = directory_.attempt_log(cell.what.name, number);
        order.longest = cell.longest;
        return order;
    }

    /// Whether the cell's last attempt, begun before this night was resumed, only needs waiting
    /// for.
    bool goes_on(const night_cell& cell) const {
        const auto found = progress_.find(cell.what.name);
        return found != progress_.end() && found->second.open > 0 &&
               executor_->has_begun(order_of(cell, found->second.open));
    }

    std::vector<cell_load> loads() const {
        std::vector<cell_load> all;
        for (const auto* cell : cells_) {
            auto load = cell->load;
            if (const auto found = progress_.find(cell->what.name); found != progress_.end())
                load.tried = static_cast<unsigned>(found->second.attempts.size());
            // What runs already has its place before all others.
            if (goes_on(*cell)) load.expected_seconds = std::numeric_limits<double>::infinity();
            all.push_back(load);
        }
        return all;
    }

    asio::awaitable<void> attempt(std::size_t at) {
        const auto& cell = *cells_[at];
        auto& progress = progress_[cell.what.name];
        const bool continued = goes_on(cell);
        const auto number = continued ? progress.open : ++progress.started;
        progress.open = 0;
        if (!continued)
            directory_.record("attempt_started", {{"cell", cell.what.name}, {"attempt", number}});
        listener_.on_started(cell.what, number);
        auto result = co_await executor_->run(order_of(cell, number));
        if (!result.record.empty())
            result.record = fs::path(result.record).lexically_relative(directory_.path()).string();
        finish(at, number, result);
    }

    void finish(std::size_t at, std::size_t number, const cell_attempt& result) {
        const auto& what = cells_[at]->what;
        auto event = to_json(result);
        event.update({{"cell", what.name}, {"attempt", number}});
        directory_.record("attempt_finished", std::move(event));
        const bool stopped = !scheduler_.stopped().empty();
        const bool again = scheduler_.finish(at, end_of(what, result, options_.today));
        listener_.on_attempt(what, result, again);
        if (!stopped && !scheduler_.stopped().empty()) {
            listener_.on_stopped(scheduler_.stopped());
            executor_->withdraw();
        }
        start_what_fits();
    }

    asio::awaitable<void> watch_signals() {
        while (!scheduler_.done() && !fault_) {
            boost::system::error_code cancelled;
            co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
            if (cancelled) co_return;
            if (++interrupted_ == 1) listener_.on_stopped("interrupted");
            stop("interrupted");
        }
    }

    void stop(const std::string& reason) {
        scheduler_.stop(reason);
        interrupted_ > 1 ? executor_->kill() : executor_->interrupt();
        if (scheduler_.done()) signals_.cancel();
    }

    /// A night that cannot be recorded is over.
    void keep(std::exception_ptr cause) {
        if (!cause) return;
        if (!fault_) fault_ = cause;
        stop("a fault");
        signals_.cancel();
    }

    asio::io_context context_{1};
    std::vector<const night_cell*> cells_;
    std::map<std::string, cell_progress> progress_;
    const night_options& options_;
    night_directory& directory_;
    night_listener& listener_;
    std::unique_ptr<attempt_executor> executor_;
    scheduler scheduler_;
    asio::signal_set signals_;
    std::exception_ptr fault_;
    int interrupted_ = 0;
};

/// Those that QEMU refuses, recorded at once as what they are.
void record_impossible(const night_cell& cell, night_directory& directory,
                       night_listener& listener) {
    cell_attempt attempt;
    attempt.reason = cell.impossible;
    attempt.impossible = true;
    auto event = to_json(attempt);
    event.update({{"cell", cell.what.name}, {"attempt", 0}, {"impossible", true}});
    directory.record("attempt_finished", std::move(event));
    listener.on_attempt(cell.what, attempt, false);
}

}  // namespace

bool run_night(const std::vector<night_cell>& cells, const night_options& options,
               night_directory& directory, night_listener& listener) {
    const auto progress = read_progress(directory.path());
    std::vector<const night_cell*> left;
    for (const auto& cell : cells) {
        const auto found = progress.find(cell.what.name);
        if (found != progress.end() && is_decided(cell.what, found->second.attempts, options.today))
            continue;
        if (cell.impossible.empty())
            left.push_back(&cell);
        else
            record_impossible(cell, directory, listener);
    }
    return night(std::move(left), progress, options, directory, listener).run();
}

}  // namespace qh
