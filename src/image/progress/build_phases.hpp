// Times the phases of a build and tells the caller how far they are.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "image/progress/build_options.hpp"

namespace qh {

/// Keeps each phase's duration. `report` may be called from several threads.
class build_phases {
  public:
    explicit build_phases(const build_options& options) : options_(options) {}

    const build_options& options() const { return options_; }

    /// Runs `work` as the phase `name` and reports its start and end.
    template <typename Work>
    void run(const std::string& name, Work&& work) {
        throw_if_stopped(options_);
        const auto started = std::chrono::steady_clock::now();
        report({.phase = name});
        std::forward<Work>(work)();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
        seconds_.emplace_back(name, took.count());
        report({.phase = name, .finished = true, .seconds = took.count()});
    }

    void report(const build_progress& progress) {
        if (!options_.progress) return;
        const std::lock_guard lock(mutex_);
        options_.progress(progress);
    }

    void warn(const std::string& line) { report({.warning = printable(line)}); }

    /// Phase and duration in seconds, in order.
    const std::vector<std::pair<std::string, double>>& seconds() const { return seconds_; }

  private:
    const build_options& options_;
    std::mutex mutex_;
    std::vector<std::pair<std::string, double>> seconds_;
};

}  // namespace qh
