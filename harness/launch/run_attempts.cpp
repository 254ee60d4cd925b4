#include "launch/run_attempts.hpp"

#include "base/text.hpp"
#include "launch/attempt_list.hpp"

namespace qh {

finished_run run_with_retries(const planned_run& run, const run_settings& settings,
                              const run_watch& watch) {
    attempt_list attempts(settings.retries);
    const auto judged = [&](const verdict& how,
                            const std::filesystem::path& directory) -> std::optional<event> {
        attempts.add(how, directory.string());
        const auto told = attempts.told();
        if (!told) return std::nullopt;
        return event{std::chrono::steady_clock::now(), *told};
    };
    std::optional<finished_run> last;
    while (attempts.goes_on()) {
        auto attempt = settings;
        if (attempt.attach == attach_when::not_passed && !attempts.next_is_last())
            attempt.attach = attach_when::never;
        if (attempts.size() > 0) {
            attempt.cold = true;
            watch.say(fmt::format("attempt {} of {}:", attempts.size() + 1, attempts.most()));
        }
        last = run_recorded(run, attempt, watch, judged);
        if (attempts.goes_on())
            watch.say(
                fmt::format("{}: {}", name_of(last->how.outcome), printable(last->how.reason)));
    }
    return *last;
}

}  // namespace qh
