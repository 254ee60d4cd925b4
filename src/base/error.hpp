// Errors carry whose fault it is and the chain of what was being done.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace qh {

/// Whose fault an error is; decides the process's exit code.
enum class fault {
    usage,           ///< the caller's: options, scenario, recipe (exit code 4)
    infrastructure,  ///< QEMU's, the image's or the host's (exit code 6)
    internal,        ///< ours (exit code 3)
    interrupted,     ///< Ctrl-C or SIGTERM (exit code 2)
};

/// Exit code of the process for an error of this kind.
int exit_code(fault kind);

/// A failure that is not a verdict. `what()` is the whole chain, outermost first.
class error : public std::runtime_error {
  public:
    error(fault kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    fault kind() const { return kind_; }

  private:
    fault kind_;
};

template <typename... Args>
error usage_error(fmt::format_string<Args...> format, Args&&... args) {
    return {fault::usage, fmt::format(format, std::forward<Args>(args)...)};
}

template <typename... Args>
error infrastructure_error(fmt::format_string<Args...> format, Args&&... args) {
    return {fault::infrastructure, fmt::format(format, std::forward<Args>(args)...)};
}

/// Runs `work`; an error that leaves it gets `context: ` in front.
template <typename Work>
decltype(auto) with_context(const std::string& context, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const error& e) {
        throw error(e.kind(), context + ": " + e.what());
    }
}

}  // namespace qh
