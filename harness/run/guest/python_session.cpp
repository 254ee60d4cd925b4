#include "run/guest/python_session.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace qh {
namespace {

/// A snippet is a file of its own so that tracebacks and `inspect` find the source. The snippets
/// are the module __main__, so that pickle finds their classes.
constexpr const char* agent = R"py(import os, signal, sys, traceback, types
folder, agent, snippets = sys.argv[1], sys.modules['__main__'], types.ModuleType('__main__')
sys.modules['__main__'], sys.argv = snippets, ['']
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job's is ignored
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
requests = os.fdopen(os.dup(0))
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what reads its input gets none of the requests
def answer(text):
    with open(folder + '/r', 'w') as reply:
        reply.write(text + '\n')
answer('ready %d' % os.getpid())
for line in requests:
    status, path = 0, folder + '/' + line.strip() + '.py'
    snippets.__file__ = path
    try:
        with open(path) as source:
            exec(compile(source.read(), path, 'exec'), snippets.__dict__)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if status != end.code and end.code is not None:
            print(end.code, file=sys.stderr)
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
    // One that got stuck goes first. An interactive shell announces its background jobs and their
    // end; a subshell's are not its own. The shell keeps the answers' FIFO open for reading and
    // writing: opened for each answer, it could meet the end of the one before.
    return {
        agent,
        R"([ -z "$__qk" ]||kill -9 "$__qk" 2>/dev/null;__qd=$(mktemp -d)&&mkfifo "$__qd/i" "$__qd/r"&&{ )"
        R"(exec 8<>"$__qd/r";)"
        R"(( (python3 -u -c "$__c" "$__qd" <"$__qd/i" 2>&1;echo "dead $?">"$__qd/r")& );)"
        R"(exec 7>"$__qd/i";IFS= read -r __r<&8;printf '%s' "$__r";__qk=${__r#ready };};__s=$?)"};
}

std::string python_session::on_started(const channel_result& result) {
    const auto answer = trim(result.output);
    started_ = result.status == 0 && last_lines(answer, 1).starts_with("ready ");
    if (started_) return {};
    return fmt::format("python3 did not start in the guest (status {}): {}", result.status,
                       printable(last_lines(answer, 3)));
}

channel_request python_session::snippet_request(std::string code) {
    ++snippets_;
    return {std::move(code),
            fmt::format(R"(printf '%s\n' "$__c">"$__qd/{0}.py";(echo {0} >&7)2>/dev/null;)"
                        R"(IFS= read -r __r<&8;case $__r in done*)__s=${{__r#* }};;)"
                        R"(*)__s=$(({1}+${{__r#* }}));;esac)",
                        snippets_, dead)};
}

void python_session::on_finished(channel_result& result) {
    if (result.status < dead) return;
    started_ = false;
    result.status -= dead;
}

}  // namespace qh
