#include "console/failure_title.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace qh {
namespace {

struct rewriting {
    re2::RE2 what;
    const char* by;
};

}  // namespace

std::string normalised_title(std::string_view message) {
    // In this order: what a later one rewrites, an earlier one may have made plain.
    static const rewriting rewritings[] = {
        {{R"(\[[0-9a-f]+,[0-9a-f]+\+[0-9a-f]+\]|\[[0-9a-f]+\+[0-9a-f]+\])"}, ""},  // a mapping
        {{R"( ?\bexitcode=0x[0-9a-f]{0,7}$)"}, ""},
        {{R"(\bexitcode=0x0*([0-9a-f]))"}, R"(exitcode=0x\1)"},
        {{R"(\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"}, "UUID"},
        {{R"(\b(?:0x)?[0-9a-f]{8,16}\b)"}, "ADDR"},
        {{R"(( (?:CPU|cpu)#?\d+: [^ /]+|\bby task [^ /]+|\bcode: [^ /]+)/\d+$)"}, R"(\1)"},
        {{R"(\bkworker/\w+:\w+(?:[-+][\w.:-]+?)?(:\d+|[\] /),]|$))"}, R"(kworker\1)"},
        {{R"( ?\[#?\d+\])"}, ""},
        {{R"((\[|\btask )([^\]]+?):\d+(\]| ))"}, R"(\1\2\3)"},
        {{R"(\b(cpus?|CPUs?|PID|pid|process|task|hart)([:#= ]*)\d+(?:[,-]\d+)*)"}, R"(\1\2N)"},
        {{R"(\{[^}]*\} \d+ jiffies s: \d+ root: \S+)"}, ""},  // which harts stall, and where
        {{R"(\b\d+(s|kB| seconds| secs| jiffies| ms| us)\b)"}, R"(N\1)"},
        {{R"(\bval:-?\d+)"}, "val:N"},
        {{R"(\bpfn:[0-9a-f]+)"}, "pfn:N"},
        {{R"(/\d+(/|$|[ ,)\]]))"}, R"(/N\1)"},
        {{R"(/\d+/)"}, "/N/"},
    };
    std::string title = printable(trim(message));
    for (const auto& one : rewritings) re2::RE2::GlobalReplace(&title, one.what, one.by);
    return std::string(trim(title));
}

}  // namespace qh
