#include "run/guest/guest_shell.hpp"

#include "base/text.hpp"
#include "run/guest/facts.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// Time a shell that was started gets to answer on the second console.
constexpr auto answer_time = 15s;

}  // namespace

guest_shell::guest_shell(std::function<std::string()> random_word, channel_choice choice,
                         line_use console)
    : console_(random_word, console),
      channel_(random_word, line_use::own),
      choice_(choice),
      second_(choice == channel_choice::console ? second::unused : second::wanted) {}

void guest_shell::open(time_point now) {
    leaving_ = false;
    if (second_ != second::in_use && second_ != second::answering && console_closed())
        console_.open(now);
}

bool guest_shell::ready() const {
    return settled() && problem_.empty() && !request_ &&
           active().current() == command_channel::state::idle;
}

void guest_shell::execute(shell_request request, time_point now) {
    request_ = std::move(request);
    advance(now);
}

void guest_shell::leave(time_point now) {
    leaving_ = true;
    advance(now);
}

void guest_shell::interrupt(time_point now) {
    if (request_ && request_->language == shell_request::language::python) python_.forget();
    request_.reset();
    result_.reset();
    executing_ = starting_python_ = false;
    // Whether that shell has started by now cannot be known, and two on one line would be none.
    if (!settled() && second_ != second::wanted)
        do_without_second("it was not reached in time", now);
    active().interrupt(now);
}

void guest_shell::feed(std::string_view bytes, time_point now) {
    console_.feed(bytes, now);
    if (auto result = console_.take_result()) {
        if (result->line_lost)
            problem_ = result->problem;
        else if (second_ == second::starting)
            on_second_started(*result, now);
        else
            on_channel_result(std::move(*result));
    }
    advance(now);
}

void guest_shell::feed_channel(std::string_view bytes, time_point now) {
    channel_.feed(bytes, now);
    if (auto result = channel_.take_result()) on_channel_result(std::move(*result));
    advance(now);
}

void guest_shell::tick(time_point now) {
    console_.tick(now);
    channel_.tick(now);
    if (answer_deadline_ && now >= *answer_deadline_)
        do_without_second("no shell answers on /dev/hvc1", now);
    advance(now);
}

std::optional<time_point> guest_shell::deadline() const {
    std::optional<time_point> next;
    for (const auto& when : {console_.deadline(), channel_.deadline(), answer_deadline_})
        if (when && (!next || *when < *next)) next = when;
    return next;
}

void guest_shell::advance(time_point now) {
    if (!problem_.empty() && !leaving_) return;
    if (!settled() || channel_.stuck()) advance_second(now);
    if (!settled()) return;
    if (request_) open(now);
    if (leaving_ && !request_ && console_.current() == command_channel::state::idle)
        return console_.close(now);
    if (request_ && !executing_ && !starting_python_ &&
        active().current() == command_channel::state::idle)
        execute_request(now);
}

void guest_shell::advance_second(time_point now) {
    using state = command_channel::state;
    if (second_ == second::in_use) {
        second_ = second::wanted;
        console_.open(now);
    }
    if (second_ == second::wanted) {
        if (request_) open(now);
        if (console_.current() != state::idle) return;
        second_ = second::starting;
        console_.execute(
            channel_.stuck() ? free_second_shell(channel_.shell_pid()) : start_second_shell(), now);
    } else if (second_ == second::answering && console_closed() &&
               channel_.current() == state::idle) {
        second_ = second::in_use;
        answer_deadline_.reset();
    }
}

void guest_shell::on_second_started(const channel_result& result, time_point now) {
    if (result.status != 0)
        return do_without_second(printable(last_lines(trim(result.output), 1)), now);
    if (started_another(result)) python_.forget();
    second_ = second::answering;
    answer_deadline_ = now + answer_time;
    console_.close(now);
    channel_.open(now);
}

void guest_shell::do_without_second(const std::string& reason, time_point now) {
    answer_deadline_.reset();
    second_ = second::unused;
    python_.forget();
    if (choice_ == channel_choice::virtio)
        problem_ = fmt::format("no second console to run commands on (\"channel\": \"virtio\"): {}",
                               reason);
    else if (console_closed() && !leaving_)
        console_.open(now);
}

void guest_shell::execute_request(time_point now) {
    const bool is_python = request_->language == shell_request::language::python;
    if (is_python && !python_.started()) {
        starting_python_ = true;
        return active().execute(python_.start_request(), now);
    }
    executing_ = true;
    if (is_python) return active().execute(python_.snippet_request(request_->code), now);
    channel_request request;
    request.text =
        request_->language == shell_request::language::facts ? facts_script() : request_->code;
    request.stderr_apart = request_->stderr_apart;
    active().execute(std::move(request), now);
}

void guest_shell::on_channel_result(channel_result result) {
    if (std::exchange(starting_python_, false)) {
        const auto problem = python_.on_started(result);
        if (problem.empty()) return;
        if (result.status == 0) result.status = 1;
        result.output = problem;
        result.dropped_bytes = 0;
    } else if (request_ && request_->language == shell_request::language::python) {
        python_.on_finished(result);
    }
    executing_ = false;
    request_.reset();
    result_ = std::move(result);
}

}  // namespace qh
