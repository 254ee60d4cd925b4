// Keeps the account between a night and Slurm: what to submit, what to cancel, what has ended.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "matrix/slurm_batch.hpp"
#include "matrix/slurm_queue.hpp"

namespace qh {

/// An attempt that is over with. Its result, where there is one in its folder, outweighs this.
struct slurm_end {
    attempt_order order;
    bool told_to_end = false;
    std::string how;  ///< "Slurm's job 17_3 ended as TIMEOUT on node4"
};

/// Ids of tasks to cancel.
struct slurm_cancellations {
    std::vector<std::string> waiting;    ///< only if they have not begun yet
    std::vector<std::string> interrupt;  ///< by SIGINT
    std::vector<std::string> kill;
};

/// Decides, is told the time, and neither waits nor asks.
class slurm_desk {
  public:
    using time = std::chrono::steady_clock::time_point;

    /// How long a task may wait for its turn.
    static constexpr auto longest_wait = std::chrono::hours(24);
    /// By how much Slurm may overrun an attempt's own limit.
    static constexpr auto longest_overrun = std::chrono::hours(1);
    /// How long a result may take to come to this host's view of a shared directory.
    static constexpr auto result_delay = std::chrono::minutes(1);
    /// How long Slurm may be silent.
    static constexpr auto longest_silence = std::chrono::minutes(10);
    /// How long Slurm may go on with what it was told to cancel.
    static constexpr auto longest_refusal = std::chrono::minutes(10);
    /// What interrupted guests have to end in good order, and killed ones at all.
    static constexpr auto time_to_end = std::chrono::minutes(5);
    static constexpr auto time_to_die = std::chrono::minutes(1);

    /// `batches`: how many an earlier process has submitted for the same night.
    slurm_desk(slurm_cluster cluster, std::string night, unsigned batches);

    void order(attempt_order order);
    /// The order is what an earlier process has submitted as this task.
    void follow(attempt_order order, unsigned batch, std::size_t index, time now);

    /// What to submit now; from here on it counts as submitted.
    std::vector<slurm_batch> take_batches(time now);
    /// Slurm did not take the batch.
    void refuse(unsigned batch, const std::string& words);

    /// The names of the jobs to ask for.
    std::vector<std::string> jobs() const;
    using result_check = std::function<bool(const attempt_order&)>;
    void see(const std::vector<slurm_task>& queue, time now, const result_check& has_result);
    /// Slurm was asked and did not answer.
    void see_silence(const std::string& words, time now);

    void withdraw(time now);
    void interrupt(time now);
    void kill(time now);

    /// What to cancel now. Each look at the queue asks anew for what has not come about.
    slurm_cancellations take_cancellations();
    /// Slurm has sent these tasks SIGINT; they need no other.
    void note_interrupted(const std::vector<std::string>& ids);
    std::vector<slurm_end> take_ended();
    /// For a person: tasks that began again, and now and then how many wait.
    std::vector<std::string> take_messages();

    /// Nothing is ordered or followed.
    bool idle() const { return fresh_.empty() && followed_.empty(); }
    /// How long to wait before Slurm is asked again: the longer, the longer nothing has happened.
    Duration pause(time now) const;

  private:
    enum class stopping { no, withdraw, interrupt, kill };

    struct followed {
        attempt_order order;
        unsigned batch = 0;
        std::size_t index = 0;
        time since;
        std::optional<time> running_since, ended_since;
        std::string state, node;
        bool told_to_end = false;
        std::string given_up;  ///< why; empty: it is not
        time given_up_since;
    };

    bool is_over(followed& attempt, const slurm_task* task, time now,
                 const result_check& has_result, std::string& how);
    void consider_giving_up(followed& attempt, const slurm_task& task, time now);
    std::string why_given_up(const followed& attempt, const slurm_task& task, time now) const;
    void note_state(followed& attempt, const slurm_task& task, time now);
    void ask_to_end(followed& attempt, const slurm_task& task);
    void tell_counts(const std::vector<slurm_task>& queue, time now);
    void stop(stopping how, time now);
    void press_harder(time now);
    bool is_left_alone(time now) const;
    void end(const followed& attempt, std::string how);

    slurm_cluster cluster_;
    std::string night_;
    unsigned batches_;
    std::vector<attempt_order> fresh_;
    std::vector<followed> followed_;
    std::set<std::string> interrupted_;  ///< tasks that were sent SIGINT
    slurm_cancellations cancellations_;
    std::vector<slurm_end> ended_;
    std::vector<std::string> messages_;
    std::string counts_;  ///< as they were told last
    stopping stopping_ = stopping::no;
    time stopping_since_, last_change_, last_counts_;
    std::optional<time> silent_since_;
};

}  // namespace qh
