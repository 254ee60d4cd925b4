#include "run/command_channel.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace qh {
namespace {

using namespace std::chrono_literals;

/// Busybox cuts edited lines near 1000 characters, terminals at 4095.
constexpr std::size_t longest_line = 800;
/// Unacknowledged typing; the terminal holds 4095 bytes while the shell is busy.
constexpr std::size_t longest_batch = 2500;
constexpr std::size_t longest_output = 1u << 20;
/// An answer may be late on a loaded host, and a shell that is just starting drops what was typed.
constexpr auto retry_interval = 5s;
/// Time between Ctrl-C, which empties the terminal's input, and typing again.
constexpr auto interrupt_pause = 300ms;

bool needs_printf(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::vector<std::string> assignment_lines(std::string_view text) {
    std::vector<std::string> lines;
    std::string line = "__c=";
    bool quoted = false;
    const auto unquote = [&] {
        if (std::exchange(quoted, false)) line += '\'';
    };
    for (const char c : text) {
        if (line.size() > longest_line - 32) {
            unquote();
            lines.push_back(std::exchange(line, "__c=$__c"));
        }
        if (c == '\n') {
            unquote();
            line += "\"$__n\"";
        } else if (c == '\'') {
            unquote();
            line += "\\'";
        } else if (needs_printf(c)) {
            unquote();
            line += fmt::format("\"$(printf '\\{:03o}')\"", static_cast<unsigned char>(c));
        } else {
            if (!std::exchange(quoted, true)) line += '\'';
            line += c;
        }
    }
    unquote();
    lines.push_back(std::move(line));
    return lines;
}

command_channel::command_channel(std::function<std::string()> random_word)
    : random_word_(std::move(random_word)) {}

std::string command_channel::print_marker(std::string_view tag) const {
    const auto half = word_.size() / 2;
    return fmt::format("printf '\\n@@%s%s:{}\\n' {} {}", tag, word_.substr(0, half),
                       word_.substr(half));
}

bool command_channel::is_marker(std::string_view line) {
    static const re2::RE2 form("@@[a-z0-9]{12}:[OABCE]-?[0-9]*\\s*");
    return re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), form);
}

void command_channel::open(time_point now) {
    state_ = state::opening;
    filter_ = {};
    unread_.clear();
    opened_twice_ = interrupting_ = false;
    word_ = random_word_();
    type_opening(now);
}

void command_channel::type_opening(time_point now) {
    // Ctrl-U takes away what may stand on the line. The space keeps bash's history clean.
    typing_ += fmt::format(
        "\x15 stty -echo -opost 2>/dev/null;PS2=;__n=$(printf '\\nx');__n=${{__n%x}};{};"
        "while IFS= read -r __l;do eval \"$__l\";done\r",
        print_marker("O"));
    asked_ = true;
    deadline_ = now + retry_interval;
}

void command_channel::execute(channel_request request, time_point) {
    word_ = random_word_();
    lines_to_send_ = assignment_lines(request.text);
    std::ranges::reverse(lines_to_send_);
    invocation_ = std::move(request.invocation);
    pending_ = {};
    output_begun_ = false;
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
    typing_ += fmt::format("{};{};{} $__s\n", print_marker("B"), invocation_, print_marker("E%d"));
    state_ = state::running;
}

void command_channel::close(time_point) {
    word_ = random_word_();
    unread_.clear();
    // A late answer to a second `open` may have nested the loop.
    typing_ += fmt::format("stty echo opost 2>/dev/null;{};break 9\n", print_marker("C"));
    state_ = state::closing;
}

void command_channel::interrupt(time_point now) {
    typing_ += '\x03';
    state_ = state::opening;
    interrupting_ = true;
    asked_ = false;
    unread_.clear();
    word_ = random_word_();
    deadline_ = now + interrupt_pause;
}

void command_channel::tick(time_point now) {
    if (!deadline_ || now < *deadline_) return;
    deadline_.reset();
    if (state_ != state::opening) return;
    // A Ctrl-C that comes just as a shell starts a command can be lost on both.
    if (interrupting_ && asked_) return interrupt(now);
    type_opening(now);
}

void command_channel::feed(std::string_view bytes, time_point now) {
    if (established() && !output_processing_off_) {
        unread_.append(bytes);
    } else {
        const auto before = unread_.size();
        filter_.feed(bytes, unread_, kernel_lines_);
        unstamped_.feed(std::string_view(unread_).substr(before), kernel_lines_);
    }
    scan(now);
}

void command_channel::scan(time_point now) {
    switch (state_) {
        case state::opening:
            if (!scan_for("O")) break;
            // A shell that was only just starting may have lost the beginning, with the stty in it.
            if (!output_processing_off_ && !std::exchange(opened_twice_, true))
                return type_opening(now);
            state_ = state::idle;
            deadline_.reset();
            break;
        case state::sending:
            if (scan_for("A")) send_batch();
            break;
        case state::running:
            scan_output();
            break;
        case state::closing:
            if (scan_for("C")) state_ = state::closed;
            break;
        case state::closed:
        case state::idle:
            unread_.clear();
            break;
    }
}

/// Whether the marker has come, with its line's end; forgets all up to it.
bool command_channel::scan_for(const std::string& tag) {
    const auto wanted = marker(tag);
    const auto at = unread_.find(wanted);
    if (at == std::string::npos) {
        if (unread_.size() > wanted.size()) unread_.erase(0, unread_.size() - wanted.size());
        return false;
    }
    const auto end = unread_.find('\n', at);
    if (end == std::string::npos) return false;
    output_processing_off_ = unread_[end - 1] != '\r';
    unread_.erase(0, end + 1);
    return true;
}

void command_channel::scan_output() {
    if (!output_begun_ && !scan_for("B")) return;
    output_begun_ = true;
    const auto wanted = "\n" + marker("E");
    const auto at = unread_.find(wanted);
    const auto end = at == std::string::npos ? at : unread_.find('\n', at + wanted.size());
    if (end == std::string::npos) {
        // What might yet become the end marker and its status stays.
        const auto safe =
            at == std::string::npos ? unread_.size() - std::min(unread_.size(), wanted.size()) : at;
        keep(std::string_view(unread_).substr(0, safe));
        unread_.erase(0, safe);
        return;
    }
    keep(std::string_view(unread_).substr(0, at));
    if (!output_processing_off_) std::erase(pending_.output, '\r');
    const char* const digits = unread_.data() + at + wanted.size();
    std::from_chars(digits, unread_.data() + end, pending_.status);
    unread_.erase(0, end + 1);
    result_ = std::exchange(pending_, {});
    state_ = state::idle;
}

void command_channel::keep(std::string_view output) {
    const auto room = longest_output - std::min(longest_output, pending_.output.size());
    pending_.output.append(output.substr(0, room));
    if (output.size() > room) pending_.dropped_bytes += output.size() - room;
}

}  // namespace qh
