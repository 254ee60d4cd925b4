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
/// What a shell is asked to become; its echo ends the line that opens a channel.
constexpr std::string_view serving_loop = R"(while IFS= read -r __l;do eval "$__l";done)";
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

/// Where the answer to `open` tells whether the kernel's lines have time stamps.
constexpr const char* switch_time_stamps_on =
    "__o=/sys/module/printk/parameters/time;"
    "{ echo Y >$__o;IFS= read -r __o <$__o;} 2>/dev/null;"
    "case $__o in Y)__o=1;;*)__o=0;;esac";

/// Kills what the shell started in the foreground and Ctrl-Z has stopped.
constexpr const char* kill_stopped =
    "for __f in /proc/[0-9]*/stat;do IFS=' ' read -r __x __x __y __p __g __x <\"$__f\";"
    "[ \"$__y$__p\" = T$$ ]&&kill -9 -\"$__g\";done 2>/dev/null;";

/// The statuses of a command that was not executed: for want of a place for its standard error, and
/// because a program in the guest has read from the shell's terminal what was typed.
constexpr int no_folder = 900, not_whole = 901;
/// An invocation with standard error in a file whose name ends in a word; `__d` is empty where no
/// folder can be written to.
constexpr const char* stderr_to_file =
    "for __d in \"${{TMPDIR-}}\" /tmp /dev/shm /run '';do __f=$__d/.{0};"
    "[ \"$__d\" ]&&(: >\"$__f\")2>/dev/null&&break;done;__s={1};"
    "[ -z \"$__d\" ]||{{ {{ {2};}} 2>\"$__f\";}}";
constexpr const char* print_file = "[ -z \"$__d\" ]||{ cat \"$__f\";rm -f \"$__f\";}";

const char* problem_of(int status) {
    switch (status) {
        case no_folder:
            return "no place for the command's standard error: none of $TMPDIR, /tmp, /dev/shm and "
                   "/run can be written to in the guest";
        case not_whole:
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

std::string command_channel::print_marker(std::string_view tag) const {
    const auto half = word_.size() / 2;
    return fmt::format("{}{}\\n' {} {}", prints_marker, tag, word_.substr(0, half),
                       word_.substr(half));
}

bool command_channel::is_marker(std::string_view line) {
    static const re2::RE2 form("@@[a-z0-9]{12}:[OABCEX]-?[0-9]*\\s*");
    if (line.ends_with(serving_loop)) return true;
    return re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), form);
}

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
    const bool kill = interruptions_ >= kill_at;
    // Ctrl-U takes away what may stand on the line. The space keeps bash's history clean.
    typing_ += fmt::format(
        "\x15 {}stty -echo -opost 2>/dev/null;PS2=;__t=$(printf '\\t');__n=$(printf '\\nx');"
        "__n=${{__n%x}};{};{} $__o;{}\r",
        kill ? kill_stopped : "", use_ == line_use::shared ? switch_time_stamps_on : "__o=$$",
        print_marker("O%d"), serving_loop);
    asked_ = true;
    ++openings_;
    deadline_ = now + (interruptions_ > 0 ? escalation_interval : retry_after_);
}

void command_channel::execute(channel_request request, time_point) {
    word_ = random_word_();
    lines_to_send_ = assignment_lines(request.text);
    whole_ = fmt::format("[ \"$__w$__k\" = {}{} ]", word_, lines_to_send_.size());
    lines_to_send_.front().insert(0, fmt::format("__w={};__k=1;", word_));
    std::ranges::reverse(lines_to_send_);
    request_ = std::move(request);
    if (request_.stderr_apart)
        request_.invocation = fmt::format(stderr_to_file, word_, no_folder, request_.invocation);
    pending_ = {};
    part_ = part::before;
    unread_.clear();
    state_ = state::sending;
    send_batch();
}

void command_channel::send_batch() {
    std::size_t sent = 0;
    while (!lines_to_send_.empty() && sent < longest_batch) {
        sent += lines_to_send_.back().size() + 1;
        typing_ += lines_to_send_.back() + "\n";
        lines_to_send_.pop_back();
    }
    if (!lines_to_send_.empty()) {
        typing_ += print_marker("A") + "\n";
        return;
    }
    typing_ += fmt::format("{};if {};then {};else __s={};fi;{} $__s", print_marker("B"), whole_,
                           request_.invocation, not_whole, print_marker("E%d"));
    if (request_.stderr_apart) typing_ += fmt::format(";{};{}", print_file, print_marker("X"));
    typing_ += '\n';
    state_ = state::running;
}

void command_channel::close(time_point now) {
    word_ = random_word_();
    unread_.clear();
    // A late answer to a second `open` may have nested the loop.
    typing_ += fmt::format("stty echo opost 2>/dev/null;{};break 99\n", print_marker("C"));
    state_ = state::closing;
    deadline_ = now + retry_interval;
}

void command_channel::interrupt(time_point now) {
    if (state_ == state::opening && interruptions_ > 0) return;
    interruptions_ = 0;
    stuck_ = false;
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
    if (state_ != state::opening) return;
    if (interruptions_ > 0 && asked_) return press_harder(now);
    // A shell that is starved needs longer for each echoed character than this would wait.
    retry_after_ = std::min(2 * retry_after_, longest_retry_interval);
    type_opening(now);
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
            if (scan_for("A")) send_batch();
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
    if (use_ == line_use::shared && opening_number_ == 1) time_stamps_ = true;
    state_ = state::idle;
    interruptions_ = 0;
    deadline_.reset();
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
