// What Slurm tells of its jobs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

enum class slurm_phase { waiting, running, ended };

/// One task of a batch's job, as squeue has it.
struct slurm_task {
    std::string job;  ///< the name
    std::size_t index = 0;
    std::string id;  ///< for scancel
    std::string state;
    std::string node;    ///< of those it has, the first
    std::string reason;  ///< why it waits

    /// Slurm's states (squeue's JOB STATE CODES). One that is being completed or signalled counts
    /// as running, for it may yet be put back; one that nobody knows too.
    slurm_phase phase() const;

    /// It waits for what can never come.
    bool is_hopeless() const;

    /// How it ended, or why it waits, as the reason of an attempt.
    std::string text() const;
};

/// What squeue is asked, of jobs of these names; one that ended is in the answer for some minutes.
std::vector<std::string> queue_question(const std::vector<std::string>& job_names);

/// Reads the answer; lines that are none are left out.
std::vector<slurm_task> read_queue(std::string_view answer);

}  // namespace qh
