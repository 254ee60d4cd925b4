#include "run/python_session.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace qh {
namespace {

/// A snippet is a file of its own so that tracebacks and `inspect` find the source.
constexpr const char* agent = R"py(import os, sys, traceback
folder, names = sys.argv[1], {'__name__': '__main__'}
sys.argv = ['']
def answer(text):
    with open(folder + '/r', 'w') as reply:
        reply.write(text + '\n')
answer('ready %d' % os.getpid())
for line in sys.stdin:
    status, path = 0, folder + '/' + line.strip() + '.py'
    try:
        with open(path) as source:
            exec(compile(source.read(), path, 'exec'), names)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    answer('done %d' % (status & 255))
)py";

/// A dead interpreter's status comes with this added.
constexpr int dead = 1000;

}  // namespace

channel_request python_session::start_request() const {
    // One that got stuck goes first. An interactive shell announces its background jobs; that is
    // not the interpreter's output.
    return {
        agent,
        R"([ -z "$__qk" ]||kill -9 "$__qk" 2>/dev/null;__qd=$(mktemp -d)&&mkfifo "$__qd/i" "$__qd/r"&&{ )"
        R"({ (python3 -u -c "$__c" "$__qd" <"$__qd/i" 2>&1;echo "dead $?">"$__qd/r")& } 2>/dev/null;)"
        R"(exec 7>"$__qd/i";IFS= read -r __r<"$__qd/r";printf '%s' "$__r";__qk=${__r#ready };};__s=$?)"};
}

std::string python_session::on_started(const channel_result& result) {
    const auto answer = trim(result.output);
    started_ = result.status == 0 && answer.starts_with("ready ");
    if (started_) return {};
    return fmt::format("python3 did not start in the guest (status {}): {}", result.status,
                       printable(last_lines(answer, 3)));
}

channel_request python_session::snippet_request(std::string code) {
    ++snippets_;
    return {std::move(code),
            fmt::format(R"(printf '%s\n' "$__c">"$__qd/{0}.py";(echo {0} >&7)2>/dev/null;)"
                        R"(IFS= read -r __r<"$__qd/r";case $__r in done*)__s=${{__r#* }};;)"
                        R"(*)__s=$(({1}+${{__r#* }}));;esac)",
                        snippets_, dead)};
}

void python_session::on_finished(channel_result& result) {
    if (result.status < dead) return;
    started_ = false;
    result.status -= dead;
}

}  // namespace qh
