// A night: cells run to their outcomes, each event recorded before anything is done about it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "matrix/cell_outcome.hpp"
#include "matrix/night_directory.hpp"
#include "matrix/night_executor.hpp"
#include "matrix/scheduler.hpp"

namespace qh {

/// A cell that is ready to run.
struct night_cell {
    cell what;
    cell_load load;
    std::vector<std::string> arguments;  ///< of `qharness run`, but for `--out`
    Duration longest{};                  ///< after which an attempt is killed
    std::string impossible;              ///< why there is no use in running it; empty: there is
};

struct night_options {
    std::string program;  ///< qharness itself
    scheduler_limits limits;
    std::string today;                         ///< as YYYY-MM-DD, for expectations
    std::unique_ptr<night_executor> executor;  ///< where cells run; connected
};

/// Told as things happen.
struct night_listener {
    virtual ~night_listener() = default;
    virtual void on_started(const cell& what, std::size_t attempt) = 0;
    virtual void on_attempt(const cell& what, const cell_attempt& attempt, bool again) = 0;
    virtual void on_stopped(const std::string& reason) = 0;
    /// What else a person may want to know while it runs.
    virtual void on_message(const std::string& text) = 0;
};

/// Runs the cells, going on where `directory` has something of them already. SIGINT and SIGTERM
/// start nothing more and have what runs end in good order; a second one kills it. Returns whether
/// it was interrupted. Throws where the night's own record cannot be written.
bool run_night(const std::vector<night_cell>& cells, const night_options& options,
               night_directory& directory, night_listener& listener);

}  // namespace qh
