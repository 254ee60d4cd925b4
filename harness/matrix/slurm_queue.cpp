#include "matrix/slurm_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace qh {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
    return std::ranges::find(list, word) != list.end();
}

constexpr std::array<std::string_view, 6> waiting_states = {
    "PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"};
constexpr std::array<std::string_view, 10> final_states = {
    "BOOT_FAIL", "CANCELLED", "COMPLETED",     "DEADLINE", "FAILED",
    "NODE_FAIL", "PREEMPTED", "OUT_OF_MEMORY", "REVOKED",  "TIMEOUT"};
constexpr std::array<std::string_view, 8> hopeless_reasons = {"AccountNotAllowed",
                                                              "BadConstraints",
                                                              "DependencyNeverSatisfied",
                                                              "InvalidAccount",
                                                              "InvalidQOS",
                                                              "PartitionNodeLimit",
                                                              "PartitionTimeLimit",
                                                              "launch failed requeued held"};

/// The parts between semicolons; what is behind the last one wanted is part of it.
template <std::size_t N>
bool split(std::string_view line, std::array<std::string_view, N>& parts) {
    for (std::size_t i = 0; i + 1 < N; ++i) {
        const auto end = line.find(';');
        if (end == std::string_view::npos) return false;
        parts[i] = line.substr(0, end);
        line.remove_prefix(end + 1);
    }
    parts[N - 1] = line;
    return true;
}

}  // namespace

slurm_phase slurm_task::phase() const {
    if (is_one_of(state, waiting_states)) return slurm_phase::waiting;
    return is_one_of(state, final_states) ? slurm_phase::ended : slurm_phase::running;
}

bool slurm_task::is_hopeless() const {
    return phase() == slurm_phase::waiting && is_one_of(reason, hopeless_reasons);
}

std::string slurm_task::text() const {
    auto text = fmt::format("Slurm's job {}", id);
    if (phase() == slurm_phase::waiting) return fmt::format("{} waits: {}", text, reason);
    text += phase() == slurm_phase::ended ? " ended as " + state : " is " + state;
    if (!node.empty()) text += " on " + node;
    return text;
}

std::vector<std::string> queue_question(const std::vector<std::string>& job_names) {
    std::string names;
    for (const auto& name : job_names) names += (names.empty() ? "" : ",") + name;
    return {"squeue",       "--noheader",      "--array",
            "--states=all", "--name=" + names, "--format=%j;%K;%F;%T;%N;%r"};
}

std::vector<slurm_task> read_queue(std::string_view answer) {
    std::vector<slurm_task> tasks;
    for (const auto line : split_lines(answer)) {
        std::array<std::string_view, 6> parts;
        slurm_task task;
        if (!split(line, parts)) continue;
        const auto index = parts[1];
        if (std::from_chars(index.data(), index.data() + index.size(), task.index).ec !=
            std::errc())
            continue;
        task.job = parts[0];
        task.id = fmt::format("{}_{}", parts[2], index);
        task.state = parts[3];
        task.node = parts[4];
        task.reason = printable(trim(parts[5]));
        tasks.push_back(std::move(task));
    }
    return tasks;
}

}  // namespace qh
