#include "image/package/list_update.hpp"

#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

/// The line of apt's complaint that names the cause: its first error.
std::string cause_in(const std::string& message) {
    for (const auto line : split_lines(message))
        if (line.starts_with("E: ")) return std::string(line.substr(3));
    return last_lines(message, 1);
}

void wait(Duration pause, const build_options& options) {
    constexpr auto look_every = std::chrono::milliseconds(50);
    const auto until = std::chrono::steady_clock::now() + pause;
    for (;;) {
        throw_if_stopped(options);
        const auto left = until - std::chrono::steady_clock::now();
        if (left <= left.zero()) return;
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, look_every));
    }
}

}  // namespace

fetch_decision after_failed_fetch(std::size_t failed, const std::vector<Duration>& pauses,
                                  bool have_earlier) {
    if (failed <= pauses.size()) return {.pause = pauses[failed - 1]};
    return {.pause = std::nullopt, .use_earlier = have_earlier};
}

void fetch_lists(const std::function<void()>& fetch, const std::function<bool()>& have_earlier,
                 build_phases& phases) {
    for (std::size_t failed = 1;; ++failed) {
        try {
            return fetch();
        } catch (const error& e) {
            if (e.kind() != fault::infrastructure) throw;
            const auto next =
                after_failed_fetch(failed, phases.options().fetch_pauses, have_earlier());
            if (!next.pause && !next.use_earlier) throw;
            const std::string what_next =
                next.pause ? fmt::format("trying again in {}", format_duration(*next.pause))
                           : "using the package lists fetched before, which may be out of date";
            phases.warn(fmt::format("cannot fetch Debian's package lists ({}); {}",
                                    cause_in(e.what()), what_next));
            if (next.use_earlier) return;
            wait(*next.pause, phases.options());
        }
    }
}

}  // namespace qh
