// Which cell to start when: decides, and neither starts nor waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// What a cell needs of the host, and how long it is thought to take.
struct cell_load {
    unsigned harts = 1;
    std::uint64_t memory_bytes = 0;
    double expected_seconds = 0;
    unsigned retries = 0;  ///< attempts besides the first
    unsigned tried = 0;    ///< attempts that a night before its resumption has made
};

struct scheduler_limits {
    std::size_t jobs = 1;  ///< cells at a time
    unsigned harts = 1;    ///< of all running cells together
    std::uint64_t memory_bytes = UINT64_MAX;
    bool fail_fast = false;  ///< start nothing more once a cell has failed
    /// Start nothing more after so many cells in a row that ended in an infrastructure error.
    unsigned infra_errors_in_a_row = 5;
};

/// How an attempt ended, as far as it matters here.
enum class attempt_end {
    passed,
    failed,       ///< counts for --failfast
    tolerated,    ///< failed, but in quarantine
    as_expected,  ///< failed, as was known: nothing to try again
    infra_error,
    interrupted
};

/// Longest first. A cell that does not fit beside what runs is overtaken by others that do, but
/// only so often: then nothing starts until it can. One that is too large for the host runs alone.
class scheduler {
  public:
    /// How often a waiting cell may be overtaken.
    static constexpr unsigned most_overtakings = 8;

    scheduler(std::vector<cell_load> cells, scheduler_limits limits);

    /// The cell to start an attempt at now; nothing: none, until one ends.
    std::optional<std::size_t> next();

    /// A running attempt has ended. Whether the cell will be tried again.
    bool finish(std::size_t cell, attempt_end how);

    /// Starts nothing more. The first reason stays.
    void stop(std::string reason);

    /// Why cells are left that will not be started; empty while there is no reason.
    const std::string& stopped() const { return stopped_; }

    /// Nothing runs and nothing will.
    bool done() const { return running_.empty() && (waiting_.empty() || !stopped_.empty()); }

    std::size_t running() const { return running_.size(); }
    std::size_t waiting() const { return waiting_.size(); }

  private:
    bool fits(std::size_t cell) const;
    void enqueue(std::size_t cell);

    std::vector<cell_load> cells_;
    scheduler_limits limits_;
    std::vector<std::size_t> waiting_;  ///< in the order in which they are to start
    std::vector<unsigned> overtaken_;   ///< by cell
    std::set<std::size_t> running_;
    unsigned harts_in_use_ = 0;
    std::uint64_t memory_in_use_ = 0;
    unsigned infra_errors_ = 0;
    std::string stopped_;
};

/// How long the cells would take if each took as long as is thought, in seconds.
double simulate(const std::vector<cell_load>& cells, const scheduler_limits& limits);

}  // namespace qh
