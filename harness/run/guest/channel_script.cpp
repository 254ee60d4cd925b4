#include "run/guest/channel_script.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cstdint>

#include "run/guest/assignment_lines.hpp"

namespace qh {
namespace {

/// What a shell is asked to become; its echo ends the line that opens a channel.
constexpr std::string_view serving_loop = R"(while IFS= read -r __l;do eval "$__l";done)";

/// Where the answer to an opening tells whether the kernel's lines have time stamps.
constexpr const char* switch_time_stamps_on =
    "__o=/sys/module/printk/parameters/time;"
    "{ echo Y >$__o;IFS= read -r __o <$__o;} 2>/dev/null;"
    "case $__o in Y)__o=1;;*)__o=0;;esac";

constexpr const char* kill_stopped =
    "for __f in /proc/[0-9]*/stat;do IFS=' ' read -r __x __x __y __p __g __x <\"$__f\";"
    "[ \"$__y$__p\" = T$$ ]&&kill -9 -\"$__g\";done 2>/dev/null;";

/// An invocation with standard error in a file whose name ends in a word; `__d` is empty where no
/// folder can be written to.
constexpr const char* stderr_to_file =
    "for __d in \"${{TMPDIR-}}\" /tmp /dev/shm /run '';do __f=$__d/.{0};"
    "[ \"$__d\" ]&&(: >\"$__f\")2>/dev/null&&break;done;__s={1};"
    "[ -z \"$__d\" ]||{{ {{ {2};}} 2>\"$__f\";}}";
constexpr const char* print_file = "[ -z \"$__d\" ]||{ cat \"$__f\";rm -f \"$__f\";}";

/// As cksum prints it: POSIX, XCU, cksum.
std::uint32_t posix_checksum(std::string_view text) {
    boost::crc_optimal<32, 0x04C11DB7, 0, 0xFFFFFFFF, false, false> crc;
    crc.process_bytes(text.data(), text.size());
    for (auto rest = text.size(); rest > 0; rest >>= 8) crc.process_byte(rest & 0xFF);
    return crc.checksum();
}

/// As a shell in a UTF-8 locale counts them.
std::size_t characters_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// `condition` has a place for the invocation.
std::string execution(std::string_view word, const channel_request& request,
                      std::string_view condition) {
    const auto invocation = request.stderr_apart ? fmt::format(stderr_to_file, word,
                                                               no_folder_status, request.invocation)
                                                 : request.invocation;
    auto text =
        fmt::format("{};{};{} $__s", print_marker(word, "B"),
                    fmt::format(fmt::runtime(condition), invocation), print_marker(word, "E%d"));
    if (request.stderr_apart) text += fmt::format(";{};{}", print_file, print_marker(word, "X"));
    return text;
}

}  // namespace

std::string print_marker(std::string_view word, std::string_view tag) {
    const auto half = word.size() / 2;
    return fmt::format("{}{}\\n' {} {}", prints_marker, tag, word.substr(0, half),
                       word.substr(half));
}

bool is_channel_marker(std::string_view line) {
    static const re2::RE2 form("@@[a-z0-9]{12}:[OABCEVX]-?[0-9]*[yn]?\\s*");
    if (line.ends_with(serving_loop)) return true;
    return re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), form);
}

std::string opening_line(std::string_view word, bool shared, bool kill) {
    // Ctrl-U takes away what may stand on the line. The space keeps bash's history clean.
    return fmt::format(
        "\x15 {}stty -echo -opost 2>/dev/null;PS2=;__t=$(printf '\\t');__n=$(printf '\\nx');"
        "__n=${{__n%x}};{};{} $__o;{}\r",
        kill ? kill_stopped : "", shared ? switch_time_stamps_on : "__o=$$",
        print_marker(word, "O%d"), serving_loop);
}

std::string closing_line(std::string_view word) {
    // A late answer to a second opening may have nested the loop.
    return fmt::format("stty echo opost 2>/dev/null;{};break 99\n", print_marker(word, "C"));
}

typed_request plain_request(std::string_view word, const channel_request& request) {
    typed_request typed{assignment_lines(request.text), {}};
    typed.lines.front().insert(0, fmt::format("__w={};__k=1;", word));
    typed.go = execution(word, request,
                         fmt::format("if [ \"$__w$__k\" = {}{} ];then {{}};else __s={};fi", word,
                                     typed.lines.size(), not_whole_status));
    return typed;
}

typed_request checked_request(std::string_view word, const channel_request& request) {
    const auto execute = execution(word, request, "{}");
    typed_request typed{assignment_lines(execute, "__g"), "eval \"$__g\""};
    typed.lines.front().insert(0, fmt::format("__w={};__k=1;", word));
    for (auto& line : assignment_lines(request.text))
        typed.lines.push_back(line.starts_with(next_assignment) ? std::move(line)
                                                                : "__k=$((__k+1));" + line);
    typed.sent = {fmt::format("{}{}", word, typed.lines.size()), execute + request.text};
    return typed;
}

std::string checking_line(std::string_view word, const typed_request& typed, unsigned number) {
    const auto& text = typed.sent.text;
    return fmt::format(
        "__v=$({{ printf %s \"$__g$__c\"|cksum;}} 2>/dev/null);__v=${{__v%% *}};"
        "[ \"$__v\" ]||__v=l$((${{#__g}}+${{#__c}}));"
        "case $__w$__k.$__v in {0}.{1}|{0}.l{2}|{0}.l{3})__v=y;;*)__v=n;;esac;{4} $__v",
        typed.sent.lines, posix_checksum(text), text.size(), characters_in(text),
        print_marker(word, fmt::format("V{}%s", number)));
}

}  // namespace qh
