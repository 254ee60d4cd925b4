#include "run/guest/exit_text.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <map>

namespace qh {

std::string status_text(int status) {
    static const std::map<int, const char*> signals = {
        {SIGILL, "SIGILL, illegal instruction"}, {SIGTRAP, "SIGTRAP"},
        {SIGABRT, "SIGABRT, aborted"},           {SIGBUS, "SIGBUS, bus error"},
        {SIGFPE, "SIGFPE, arithmetic fault"},    {SIGKILL, "SIGKILL, killed: out of memory?"},
        {SIGSEGV, "SIGSEGV, segmentation fault"}};
    const auto found = signals.find(status - 128);
    if (found != signals.end()) return fmt::format("status {} ({})", status, found->second);
    if (status == 127) return "status 127 (command not found)";
    return fmt::format("status {}", status);
}

bool is_crash(int status) {
    switch (status - 128) {
        case SIGILL:
        case SIGABRT:
        case SIGBUS:
        case SIGFPE:
        case SIGSEGV:
            return true;
        default:
            return false;
    }
}

bool is_refusal(int status) {
    return status != 0 && status <= 128;
}

}  // namespace qh
