// What the kernel's printk puts in front of its messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qh {

/// One message of a console's line. What it refers to is the line.
struct console_message {
    std::string_view text;  ///< behind its mark, with its indentation
    std::optional<std::uint64_t> stamp_us;
    bool marked = false;         ///< as only printk begins: by a time stamp or a priority
    bool behind_prompt = false;  ///< an open prompt stands before it

    /// `text` without its indentation.
    std::string_view words() const;
};

/// The messages in `line`, from the first to the last. One begins at the line's beginning, and one
/// behind each "[   12.345678] " (with the caller, "[    T1]", where the kernel tells that): the
/// kernel prints into others' lines, and newlines get lost on the wire. At the beginning also
/// behind a priority, "<6>", of `console_msg_format=syslog`. An open prompt ends where its mark
/// does, since a kernel without time stamps goes on right behind it.
std::vector<console_message> messages_in(std::string_view line);

}  // namespace qh
