#include "matrix/slurm_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace qh {

namespace {

using task_key = std::pair<std::string, std::size_t>;

constexpr auto counts_every = std::chrono::minutes(1);
constexpr Duration shortest_pause = std::chrono::seconds(1);
constexpr Duration longest_pause = std::chrono::seconds(10);

/// States after which a result is to be expected.
bool ended_by_itself(const slurm_task* task) {
    return !task || task->state == "COMPLETED" || task->state == "FAILED";
}

}  // namespace

slurm_desk::slurm_desk(slurm_cluster cluster, std::string night, unsigned batches)
    : cluster_(std::move(cluster)), night_(std::move(night)), batches_(batches) {}

void slurm_desk::order(attempt_order order) {
    fresh_.push_back(std::move(order));
}

void slurm_desk::follow(attempt_order order, unsigned batch, std::size_t index, time now) {
    followed attempt;
    attempt.order = std::move(order);
    attempt.batch = batch;
    attempt.index = index;
    attempt.since = now;
    followed_.push_back(std::move(attempt));
    last_change_ = now;
}

std::vector<slurm_batch> slurm_desk::take_batches(time now) {
    auto orders = std::exchange(fresh_, {});
    if (stopping_ != stopping::no) {
        for (auto& order : orders) ended_.push_back({std::move(order), true, "never submitted"});
        return {};
    }
    const auto batches = make_batches(std::move(orders), cluster_, batches_);
    batches_ += static_cast<unsigned>(batches.size());
    for (const auto& batch : batches)
        for (std::size_t i = 0; i < batch.attempts.size(); ++i)
            follow(batch.attempts[i], batch.number, i, now);
    return batches;
}

void slurm_desk::refuse(unsigned batch, const std::string& words) {
    for (const auto& attempt : followed_)
        if (attempt.batch == batch) end(attempt, words);
    std::erase_if(followed_, [&](const followed& attempt) { return attempt.batch == batch; });
}

std::vector<std::string> slurm_desk::jobs() const {
    std::set<unsigned> numbers;
    for (const auto& attempt : followed_) numbers.insert(attempt.batch);
    std::vector<std::string> names;
    for (const auto number : numbers) names.push_back(job_name(night_, number));
    return names;
}

void slurm_desk::see(const std::vector<slurm_task>& queue, time now,
                     const result_check& has_result) {
    silent_since_.reset();
    press_harder(now);
    std::map<task_key, const slurm_task*> tasks;
    for (const auto& task : queue) tasks[{task.job, task.index}] = &task;
    std::erase_if(followed_, [&](followed& attempt) {
        const auto found = tasks.find({job_name(night_, attempt.batch), attempt.index});
        const auto* const task = found == tasks.end() ? nullptr : found->second;
        std::string how;
        if (!is_over(attempt, task, now, has_result, how)) return false;
        end(attempt, how);
        last_change_ = now;
        return true;
    });
    tell_counts(queue, now);
}

bool slurm_desk::is_over(followed& attempt, const slurm_task* task, time now,
                         const result_check& has_result, std::string& how) {
    if (task && task->phase() != slurm_phase::ended) {
        note_state(attempt, *task, now);
        consider_giving_up(attempt, *task, now);
        if (attempt.given_up.empty()) {
            ask_to_end(attempt, *task);
            return false;
        }
        cancellations_.kill.push_back(task->id);
        how = attempt.given_up;
        return is_left_alone(now) || now - attempt.given_up_since >= longest_refusal;
    }
    how = task ? task->text() : "Slurm no longer knows of the attempt's job; it ended";
    if (!attempt.given_up.empty()) how = attempt.given_up;
    if (!attempt.ended_since) attempt.ended_since = now;
    return has_result(attempt.order) || attempt.told_to_end || !ended_by_itself(task) ||
           now - *attempt.ended_since >= result_delay;
}

void slurm_desk::note_state(followed& attempt, const slurm_task& task, time now) {
    const bool runs = task.phase() == slurm_phase::running;
    if (!runs && attempt.running_since) {
        messages_.push_back(fmt::format("{}: lost with {}, Slurm begins it again",
                                        attempt.order.cell, attempt.node));
        attempt.running_since.reset();
        attempt.since = now;
    }
    if (runs && !attempt.running_since) attempt.running_since = now;
    if (attempt.state != task.state) last_change_ = now;
    attempt.state = task.state;
    attempt.ended_since.reset();
    if (!task.node.empty()) attempt.node = task.node;
}

void slurm_desk::consider_giving_up(followed& attempt, const slurm_task& task, time now) {
    if (!attempt.given_up.empty()) return;
    attempt.given_up = why_given_up(attempt, task, now);
    if (!attempt.given_up.empty()) attempt.given_up_since = last_change_ = now;
}

std::string slurm_desk::why_given_up(const followed& attempt, const slurm_task& task,
                                     time now) const {
    if (is_left_alone(now)) return task.text() + " and does not end";
    if (task.is_hopeless()) return task.text();
    if (attempt.running_since &&
        now - *attempt.running_since >= attempt.order.longest + longest_overrun)
        return fmt::format("{} after its time limit of {}", task.text(),
                           format_duration(attempt.order.longest));
    if (!attempt.running_since && now - attempt.since >= longest_wait)
        return task.text() + ", for a day";
    return {};
}

void slurm_desk::ask_to_end(followed& attempt, const slurm_task& task) {
    if (stopping_ == stopping::no) return;
    const bool waits = task.phase() == slurm_phase::waiting;
    if (!waits && stopping_ == stopping::withdraw) return;
    attempt.told_to_end = true;
    if (stopping_ == stopping::kill)
        cancellations_.kill.push_back(task.id);
    else if (waits)
        cancellations_.waiting.push_back(task.id);
    else if (!interrupted_.contains(task.id))
        cancellations_.interrupt.push_back(task.id);
}

void slurm_desk::see_silence(const std::string& words, time now) {
    press_harder(now);
    if (!silent_since_) silent_since_ = now;
    const bool dead = is_left_alone(now);
    if (!dead && now - *silent_since_ < longest_silence) return;
    for (auto& attempt : followed_) {
        attempt.told_to_end = attempt.told_to_end || dead;
        end(attempt, "Slurm does not answer: " + words);
    }
    followed_.clear();
}

void slurm_desk::tell_counts(const std::vector<slurm_task>& queue, time now) {
    if (now - std::max(last_counts_, last_change_) < counts_every) return;
    std::size_t running = 0, waiting = 0;
    std::string reason;
    for (const auto& task : queue) {
        running += task.phase() == slurm_phase::running ? 1 : 0;
        if (task.phase() != slurm_phase::waiting) continue;
        ++waiting;
        reason = task.reason;
    }
    if (waiting == 0) return;
    auto counts = fmt::format("Slurm: {} running, {} waiting ({})", running, waiting, reason);
    if (counts == counts_) return;
    last_counts_ = now;
    counts_ = counts;
    messages_.push_back(std::move(counts));
}

void slurm_desk::withdraw(time now) {
    stop(stopping::withdraw, now);
}

void slurm_desk::interrupt(time now) {
    stop(stopping::interrupt, now);
}

void slurm_desk::kill(time now) {
    stop(stopping::kill, now);
}

void slurm_desk::stop(stopping how, time now) {
    if (how <= stopping_) return;
    stopping_ = how;
    stopping_since_ = last_change_ = now;
}

void slurm_desk::press_harder(time now) {
    if (stopping_ == stopping::interrupt && now - stopping_since_ >= time_to_end) kill(now);
}

bool slurm_desk::is_left_alone(time now) const {
    return stopping_ == stopping::kill && now - stopping_since_ >= time_to_die;
}

void slurm_desk::end(const followed& attempt, std::string how) {
    ended_.push_back({attempt.order, attempt.told_to_end, std::move(how)});
}

slurm_cancellations slurm_desk::take_cancellations() {
    return std::exchange(cancellations_, {});
}

void slurm_desk::note_interrupted(const std::vector<std::string>& ids) {
    interrupted_.insert(ids.begin(), ids.end());
}

std::vector<slurm_end> slurm_desk::take_ended() {
    return std::exchange(ended_, {});
}

std::vector<std::string> slurm_desk::take_messages() {
    return std::exchange(messages_, {});
}

Duration slurm_desk::pause(time now) const {
    const auto quiet = std::chrono::duration_cast<Duration>(now - last_change_);
    return std::clamp(quiet / 4, shortest_pause, longest_pause);
}

}  // namespace qh
