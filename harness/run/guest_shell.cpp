#include "run/guest_shell.hpp"

#include "run/facts.hpp"

namespace qh {

guest_shell::guest_shell(std::function<std::string()> random_word)
    : channel_(std::move(random_word)) {}

void guest_shell::open(time_point now) {
    leaving_ = false;
    if (channel_.current() == command_channel::state::closed) channel_.open(now);
}

void guest_shell::execute(command_step step, time_point now) {
    step_ = std::move(step);
    advance(now);
}

void guest_shell::leave(time_point now) {
    leaving_ = true;
    advance(now);
}

void guest_shell::interrupt(time_point now) {
    if (step_ && step_->language == command_step::language::python) python_.forget();
    step_.reset();
    executing_ = starting_python_ = false;
    channel_.interrupt(now);
}

void guest_shell::feed(std::string_view bytes, time_point now) {
    channel_.feed(bytes, now);
    if (auto result = channel_.take_result()) on_channel_result(std::move(*result));
    advance(now);
}

void guest_shell::tick(time_point now) {
    channel_.tick(now);
}

void guest_shell::advance(time_point now) {
    if (step_) open(now);
    if (channel_.current() != command_channel::state::idle) return;
    if (leaving_ && !step_) {
        channel_.close(now);
    } else if (step_ && !executing_ && !starting_python_) {
        const bool is_python = step_->language == command_step::language::python;
        if (is_python && !python_.started()) {
            starting_python_ = true;
            channel_.execute(python_.start_request(), now);
            return;
        }
        executing_ = true;
        if (is_python)
            channel_.execute(python_.snippet_request(step_->code), now);
        else if (step_->language == command_step::language::facts)
            channel_.execute({facts_script()}, now);
        else
            channel_.execute({step_->code}, now);
    }
}

void guest_shell::on_channel_result(channel_result result) {
    if (std::exchange(starting_python_, false)) {
        const auto problem = python_.on_started(result);
        if (problem.empty()) return;
        result = {result.status == 0 ? 1 : result.status, problem, 0};
    } else if (step_ && step_->language == command_step::language::python) {
        python_.on_finished(result);
    }
    executing_ = false;
    step_.reset();
    result_ = std::move(result);
}

}  // namespace qh
