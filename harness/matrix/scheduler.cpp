#include "matrix/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <queue>

namespace qh {

scheduler::scheduler(std::vector<cell_load> cells, scheduler_limits limits)
    : cells_(std::move(cells)), limits_(limits), overtaken_(cells_.size()) {
    for (std::size_t i = 0; i < cells_.size(); ++i) enqueue(i);
}

void scheduler::enqueue(std::size_t cell) {
    const auto before = [&](std::size_t a, std::size_t b) {
        if (cells_[a].expected_seconds != cells_[b].expected_seconds)
            return cells_[a].expected_seconds > cells_[b].expected_seconds;
        return a < b;
    };
    waiting_.insert(std::ranges::upper_bound(waiting_, cell, before), cell);
}

bool scheduler::fits(std::size_t cell) const {
    if (running_.empty()) return true;
    const auto& load = cells_[cell];
    return running_.size() < limits_.jobs && harts_in_use_ + load.harts <= limits_.harts &&
           load.memory_bytes <=
               limits_.memory_bytes - std::min(limits_.memory_bytes, memory_in_use_);
}

std::optional<std::size_t> scheduler::next() {
    if (!stopped_.empty()) return std::nullopt;
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
        const auto cell = *at;
        if (!fits(cell)) {
            if (overtaken_[cell] >= most_overtakings) return std::nullopt;
            continue;
        }
        for (auto passed_over = waiting_.begin(); passed_over != at; ++passed_over)
            ++overtaken_[*passed_over];
        waiting_.erase(at);
        running_.insert(cell);
        harts_in_use_ += cells_[cell].harts;
        memory_in_use_ += cells_[cell].memory_bytes;
        return cell;
    }
    return std::nullopt;
}

bool scheduler::finish(std::size_t cell, attempt_end how) {
    running_.erase(cell);
    auto& load = cells_[cell];
    harts_in_use_ -= load.harts;
    memory_in_use_ -= load.memory_bytes;
    ++load.tried;
    const bool again = how == attempt_end::failed || how == attempt_end::tolerated ||
                       how == attempt_end::infra_error;
    if (again && load.tried <= load.retries && stopped_.empty()) {
        overtaken_[cell] = 0;
        enqueue(cell);
        return true;
    }
    infra_errors_ = how == attempt_end::infra_error ? infra_errors_ + 1 : 0;
    if (infra_errors_ >= limits_.infra_errors_in_a_row)
        stop(fmt::format("infrastructure failed {} cells in a row", infra_errors_));
    if (how == attempt_end::failed && limits_.fail_fast) stop("a cell failed (--failfast)");
    return false;
}

void scheduler::stop(std::string reason) {
    if (stopped_.empty()) stopped_ = std::move(reason);
}

double simulate(const std::vector<cell_load>& cells, const scheduler_limits& limits) {
    using end_of_cell = std::pair<double, std::size_t>;
    std::priority_queue<end_of_cell, std::vector<end_of_cell>, std::greater<>> ends;
    scheduler plan(cells, limits);
    double now = 0;
    while (!plan.done()) {
        while (const auto cell = plan.next())
            ends.emplace(now + cells[*cell].expected_seconds, *cell);
        now = ends.top().first;
        plan.finish(ends.top().second, attempt_end::passed);
        ends.pop();
    }
    return now;
}

}  // namespace qh
