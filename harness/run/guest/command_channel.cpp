#include "run/guest/command_channel.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "run/guest/assignment_lines.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// Unacknowledged typing; the terminal holds 4095 bytes while the shell is busy.
constexpr std::size_t longest_batch = 2500;
constexpr std::size_t longest_output = 1u << 20;
/// What stands behind a marker in its line is a number or nothing.
constexpr std::size_t longest_number = 32;
/// An answer may be late on a loaded host, and a shell that is just starting drops what was typed.
constexpr auto retry_interval = 5s;
constexpr Duration longest_retry_interval = 80s;
/// Time between Ctrl-C, which empties the terminal's input, and typing again.
constexpr auto interrupt_pause = 300ms;

/// Time for a shell to answer before a command is ended in a harsher way.
constexpr auto escalation_interval = 3s;
/// Which interruption is SIGKILL.
constexpr unsigned kill_at = 3;

/// A line that has changed as many commands as that is no line to judge a guest by.
constexpr unsigned most_refusals = 4;
/// Questions before a shell that has answered once is no longer believed to serve us.
constexpr unsigned most_unanswered = 3;

const char* problem_of(int status) {
    switch (status) {
        case no_folder_status:
            return "no place for the command's standard error: none of $TMPDIR, /tmp, /dev/shm and "
                   "/run can be written to in the guest";
        case not_whole_status:
            return "the command did not reach the guest's shell whole: another program there read "
                   "from its terminal";
        default:
            return "";
    }
}

std::optional<int> number_in(const std::string& text) {
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

}  // namespace

command_channel::command_channel(std::function<std::string()> random_word, line_use use)
    : random_word_(std::move(random_word)), use_(use) {}

void command_channel::open(time_point now) {
    state_ = state::opening;
    filter_ = {};
    unread_.clear();
    opened_twice_ = stuck_ = false;
    interruptions_ = openings_ = 0;
    retry_after_ = retry_interval;
    word_ = random_word_();
    type_opening(now);
}

void command_channel::type_opening(time_point now) {
    typing_ += opening_line(word_, shared(), interruptions_ >= kill_at);
    asked_ = true;
    ++openings_;
    deadline_ = now + (interruptions_ > 0 ? escalation_interval : retry_after_);
}

void command_channel::execute(channel_request request, time_point now) {
    request_ = std::move(request);
    refusals_ = 0;
    sends_again_ = false;
    send(now);
}

void command_channel::send(time_point now) {
    word_ = random_word_();
    typed_ = use_ == line_use::shared ? checked_request(word_, request_)
                                      : plain_request(word_, request_);
    lines_sent_ = 0;
    checks_ = go_check_ = unanswered_ = 0;
    pending_ = {};
    part_ = part::before;
    unread_.clear();
    retry_after_ = retry_interval;
    state_ = state::sending;
    send_batch(now);
}

void command_channel::send_batch(time_point now) {
    for (std::size_t sent = 0; lines_sent_ < typed_.lines.size() && sent < longest_batch;) {
        const auto& line = typed_.lines[lines_sent_++];
        sent += line.size() + 1;
        typing_ += line + "\n";
    }
    if (lines_sent_ < typed_.lines.size()) {
        ask_for_more(now);
    } else if (use_ == line_use::shared) {
        type_check(now);
    } else {
        typing_ += typed_.go + "\n";
        state_ = state::running;
    }
}

void command_channel::ask_for_more(time_point now) {
    const auto tag = use_ == line_use::shared ? fmt::format("A{}", lines_sent_) : "A";
    typing_ += print_marker(word_, tag) + "\n";
    await_answer(now);
}

void command_channel::on_acknowledged(time_point now) {
    const auto number = scan_for("A");
    if (!number) return;
    // What was asked twice may be answered twice.
    if (use_ != line_use::shared || *number == std::to_string(lines_sent_)) send_batch(now);
}

/// Only a line that may lose things is asked again.
void command_channel::await_answer(time_point now) {
    if (use_ == line_use::shared) deadline_ = now + retry_after_;
}

void command_channel::type_check(time_point now) {
    typing_ += checking_line(word_, typed_, ++checks_) + "\n";
    if (state_ != state::starting) state_ = state::checking;
    await_answer(now);
}

void command_channel::type_go(time_point now) {
    typing_ += typed_.go + "\n";
    go_check_ = checks_;
    state_ = state::starting;
    await_answer(now);
}

void command_channel::on_checked(time_point now) {
    const auto answer = scan_for("V");
    if (!answer) return;
    if (answer->ends_with('y')) return type_go(now);
    send_again(now);
}

/// The markers come in the order in which the shell has read the lines: an answer to a check that
/// was typed behind `go` says that `go` is lost, unless its own came before.
void command_channel::on_starting(time_point now) {
    while (unread_.find(marker("V")) < unread_.find(marker("B"))) {
        const auto answer = scan_for("V");
        if (!answer) return;
        const auto number = number_in(answer->substr(0, answer->find_first_of("yn")));
        if (number.value_or(0) <= static_cast<int>(go_check_)) continue;
        return answer->ends_with('y') ? type_go(now) : send_again(now);
    }
    if (!scan_for("B")) return;
    deadline_.reset();
    part_ = part::output;
    state_ = state::running;
    scan_output();
}

/// What came changed may have left the shell anywhere, even in a loop that is none of ours.
void command_channel::serve_anew(time_point now) {
    sends_again_ = true;
    interruptions_ = 0;
    press_harder(now);
}

void command_channel::send_again(time_point now) {
    if (++refusals_ < most_refusals) return serve_anew(now);
    deadline_.reset();
    state_ = state::idle;
    result_.emplace();
    result_->status = -1;
    result_->line_lost = true;
    result_->problem = fmt::format(
        "the console's line loses or changes what is typed: in {} attempts the command did not "
        "reach the guest's shell whole, and it was not run",
        most_refusals);
}

void command_channel::close(time_point now) {
    word_ = random_word_();
    unread_.clear();
    typing_ += closing_line(word_);
    state_ = state::closing;
    deadline_ = now + retry_interval;
}

void command_channel::interrupt(time_point now) {
    if (state_ == state::opening && interruptions_ > 0) return;
    interruptions_ = 0;
    stuck_ = sends_again_ = false;
    press_harder(now);
}

void command_channel::press_harder(time_point now) {
    ++interruptions_;
    state_ = state::opening;
    unread_.clear();
    word_ = random_word_();
    if (interruptions_ >= kill_at && use_ == line_use::own) {
        stuck_ = true;
        return;
    }
    // A Ctrl-C that comes just as a shell starts a command can be lost on both, so it is repeated.
    constexpr std::array<std::string_view, kill_at> keys = {"\x03", "\x03\x1c", "\x03\x1a"};
    typing_ += keys[std::min(interruptions_, kill_at) - 1];
    asked_ = false;
    deadline_ = now + interrupt_pause;
}

void command_channel::tick(time_point now) {
    if (!deadline_ || now < *deadline_) return;
    deadline_.reset();
    if (state_ == state::closing) return close(now);
    if (state_ == state::opening && interruptions_ > 0 && asked_) return press_harder(now);
    // A shell that is starved needs longer for each echoed character than this would wait.
    retry_after_ = std::min(2 * retry_after_, longest_retry_interval);
    if (state_ == state::opening) return type_opening(now);
    // Behind `go` the command may be running.
    if (state_ != state::starting && ++unanswered_ == most_unanswered) return serve_anew(now);
    // What is lost may have been a line's end.
    typing_ += '\n';
    return state_ == state::sending ? ask_for_more(now) : type_check(now);
}

void command_channel::feed(std::string_view bytes, time_point now) {
    if (use_ == line_use::own || (established() && !output_processing_off_)) {
        unread_.append(bytes);
    } else {
        // Line by line, so that what came first is told first however the bytes were cut.
        for (auto rest = bytes; !rest.empty();) {
            const auto line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
            feed_shared(line);
            rest.remove_prefix(line.size());
        }
    }
    scan(now);
}

void command_channel::feed_shared(std::string_view bytes) {
    const auto before = unread_.size();
    const auto known = kernel_lines_.size();
    filter_.feed(bytes, unread_, kernel_lines_);
    if (tells_kernel_lines_apart() && kernel_lines_.size() > known) time_stamps_ = true;
    if (!time_stamps_) unstamped_.feed(std::string_view(unread_).substr(before), kernel_lines_);
}

void command_channel::scan(time_point now) {
    switch (state_) {
        case state::opening:
            if (const auto number = scan_for("O")) on_opened(*number, now);
            break;
        case state::sending:
            on_acknowledged(now);
            break;
        case state::checking:
            on_checked(now);
            break;
        case state::starting:
            on_starting(now);
            break;
        case state::running:
            scan_output();
            break;
        case state::closing:
            if (!scan_for("C")) break;
            state_ = state::closed;
            deadline_.reset();
            break;
        case state::closed:
        case state::idle:
            unread_.clear();
            break;
    }
}

/// What was typed again while the shell was late is still before it. If the shell was editing the
/// line then, its end is no line's end to the terminal, and the first command would become part of
/// it. So that line is ended here, and an answer to another word says that all of it has been read.
void command_channel::open_behind_leftovers(time_point now) {
    typing_ += '\n';
    word_ = random_word_();
    interruptions_ = openings_ = 0;
    type_opening(now);
}

void command_channel::on_opened(const std::string& number, time_point now) {
    if (openings_ > 1) return open_behind_leftovers(now);
    // A shell that was only just starting may have lost the beginning, with the stty in it.
    if (!output_processing_off_ && !std::exchange(opened_twice_, true)) {
        openings_ = 0;
        return type_opening(now);
    }
    opening_number_ = number_in(number).value_or(0);
    if (shared() && opening_number_ == 1) time_stamps_ = true;
    state_ = state::idle;
    interruptions_ = 0;
    deadline_.reset();
    if (std::exchange(sends_again_, false)) send(now);
}

/// What stands between the marker and its line's end, once both have come; forgets all up to it.
std::optional<std::string> command_channel::scan_for(const std::string& tag) {
    const auto wanted = marker(tag);
    const auto at = unread_.find(wanted);
    if (at == std::string::npos) {
        if (unread_.size() > wanted.size()) unread_.erase(0, unread_.size() - wanted.size());
        return std::nullopt;
    }
    const auto after = at + wanted.size();
    auto end = unread_.find('\n', at);
    if (end == std::string::npos) {
        if (unread_.size() - after <= longest_number) return std::nullopt;
        end = unread_.size() - 1;  // the marker's line was broken off; its number is lost
    }
    output_processing_off_ = unread_[end - 1] != '\r';
    auto rest = unread_.substr(after, end - after - (output_processing_off_ ? 0 : 1));
    unread_.erase(0, end + 1);
    return rest;
}

/// The same, but keeps what comes before the marker and the newline in front of it. A background
/// job's output can come between these two.
std::optional<std::string> command_channel::collect(const std::string& tag, std::string& text,
                                                    std::size_t& dropped) {
    const auto wanted = marker(tag);
    const auto at = unread_.find(wanted);
    auto end = at;
    if (at == std::string::npos)  // what might yet become a newline and the marker stays
        end = unread_.size() - std::min(unread_.size(), wanted.size());
    else if (at > 0 && unread_[at - 1] == '\n')
        --end;
    const auto room = longest_output - std::min(longest_output, text.size());
    text.append(unread_, 0, std::min(end, room));
    if (end > room) dropped += end - room;
    unread_.erase(0, end);
    if (at == std::string::npos) return std::nullopt;
    const bool off = output_processing_off_;
    auto rest = scan_for(tag);
    output_processing_off_ = off;
    if (rest && !off) re2::RE2::GlobalReplace(&text, "\r(\n|\\z)", "\\1");
    return rest;
}

std::string command_channel::output_so_far() const {
    return part_ == part::output ? pending_.output + unread_ : pending_.output;
}

void command_channel::scan_output() {
    if (part_ == part::before) {
        if (!scan_for("B")) return;
        part_ = part::output;
    }
    if (part_ == part::output) {
        const auto number = collect("E", pending_.output, pending_.dropped_bytes);
        if (!number) return;
        const auto status = number_in(*number);
        pending_.status = status.value_or(-1);
        pending_.problem =
            status ? problem_of(*status) : "the command's exit status was lost on the console";
        part_ = part::errors;
    }
    if (request_.stderr_apart && !collect("X", pending_.errors, pending_.dropped_error_bytes))
        return;
    result_ = std::exchange(pending_, {});
    state_ = state::idle;
}

}  // namespace qh
