// What a command channel types: lines of POSIX shell, for bash, dash and busybox's ash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// What to execute. `text` arrives in the guest's shell variable `__c`, whatever bytes it holds
/// (but NUL); `invocation` is a short shell text that uses it and leaves a status in `__s`.
struct channel_request {
    std::string text;
    /// The loop of its own keeps a stray `break` or `continue` from ending the command with 0.
    std::string invocation =
        R"((for __i in 1;do eval "$__c";exit $?;done;echo 'no loop to break or continue'>&2;exit 2))"
        R"(</dev/null;__s=$?)";
    bool stderr_apart = false;  ///< whether standard error comes in a text of its own
};

/// How each command begins that prints a marker.
inline constexpr std::string_view prints_marker = "printf '\\n@@%s%s:";

/// A command that prints "@@WORD:TAG" on a line of its own. The word comes from two halves, so that
/// no echo of the command looks like its output. A format in the tag takes what is typed behind.
std::string print_marker(std::string_view word, std::string_view tag);

/// Whether a console line is a marker, or the echo of an opening, and no guest's text.
bool is_channel_marker(std::string_view line);

/// Has the shell read lines in a loop, without echo, and answer with the marker O and "1" or "0":
/// whether the kernel's lines have time stamps, which are switched on (`shared`), or else the
/// shell's process. `kill`: first kills what the shell started in the foreground and Ctrl-Z has
/// stopped.
std::string opening_line(std::string_view word, bool shared, bool kill);

/// Back to the shell's prompt, from however many such loops; answers with the marker C.
std::string closing_line(std::string_view word);

/// The statuses of a command that was not executed: for want of a place for its standard error, and
/// because a program in the guest has read from the shell's terminal what was typed.
inline constexpr int no_folder_status = 900, not_whole_status = 901;

/// A request as what is typed for it. Its answers are the markers B before the command's output, E
/// and the status behind it, and X behind its standard error where that comes apart.
struct typed_request {
    std::vector<std::string> lines;  ///< that bring it there
    std::string go;                  ///< the line that executes it

    /// Where it is checked first: what the shell's variables must then be.
    struct {
        std::string lines, text;
    } sent = {};
};

/// For a line that loses nothing: `go` only counts the lines.
typed_request plain_request(std::string_view word, const channel_request& request);

/// For a line that may: all but `go` is to be checked before that is typed.
typed_request checked_request(std::string_view word, const channel_request& request);

/// Answers with the marker V, `number` and "y" where all of it came as it was sent, else "n".
/// Compares a checksum (POSIX cksum), and only the length where the guest has no cksum.
std::string checking_line(std::string_view word, const typed_request& typed, unsigned number);

}  // namespace qh
