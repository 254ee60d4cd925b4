#include "run/guest/second_shell.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace qh {
namespace {

/// In the asking shell itself: a background job, or a subshell's, would have Ctrl-C ignored for
/// good. `setsid` only leaves the foreground at once where its shell has job control.
constexpr const char* invocation = R"(eval "$__c";__s=$?)";

/// The nodes of all eight consoles are there as soon as the driver is; opening tells which exist.
/// A session leader without a terminal gets the one that it opens.
constexpr const char* start = R"sh(
if ! [ -c /dev/hvc1 ]; then echo "there is no /dev/hvc1"; (exit 1)
elif ! (: <>/dev/hvc1) 2>/dev/null; then echo "/dev/hvc1 cannot be opened"; (exit 1)
elif ! command -v setsid >/dev/null; then echo "there is no setsid"; (exit 1)
else case $- in
*m*)
    __x=$(readlink /proc/$$/exe) || __x=${BASH:-sh}
    case ${__x##*/} in busybox*|toybox*) __x="$__x sh";; esac
    setsid sh -c 'exec "$@" -i 2>/dev/null <>/dev/hvc1 >&0 2>&1' sh $__x
    echo started;;
*) echo "the console's shell has no job control"; (exit 1);;
esac
fi)sh";

}  // namespace

channel_request start_second_shell() {
    return {start, invocation};
}

channel_request free_second_shell(int pid) {
    // The terminal's foreground process group is the eighth field.
    // A Ctrl-C that nobody read would end the next shell as it starts: a while of being open, with
    // nobody to be signalled, takes it.
    constexpr const char* free = R"sh(
__y=
IFS=' ' read -r __x __x __x __x __x __x __x __y __x </proc/{0}/stat
case $__y in
''|-1|0|{0}) kill -9 {0}; (sleep 1) <>/dev/hvc1; {1};;
*) kill -9 -"$__y";;
esac 2>/dev/null)sh";
    return {fmt::format(free, pid, start), invocation};
}

bool started_another(const channel_result& result) {
    return trim(result.output).ends_with("started");
}

}  // namespace qh
