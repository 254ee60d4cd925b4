#include "run/steps/shell_arrival.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/enum_names.hpp"
#include "base/text.hpp"
#include "console/shell_prompt.hpp"

namespace qh {

std::optional<step_end> boot_to(boot_state until, guest& on) {
    if (until == boot_state::shell) {
        if (on.shell.ready()) return step_end::passed();
        if (!on.shell.problem().empty())
            return step_end::failed(run_outcome::infra_error, on.shell.problem());
        const auto prompt = on.boot.prompt_deadline();
        if (prompt && on.now >= *prompt) on.shell.open(on.now);
    } else if (on.boot.reached() && *on.boot.reached() >= until) {
        return step_end::passed();
    }
    nudge(on, until >= boot_state::login);
    return std::nullopt;
}

std::optional<time_point> boot_deadline(boot_state until, const guest& on) {
    if (!on.shell.at_prompt()) return std::nullopt;
    std::optional<time_point> next;
    const auto prompt =
        until == boot_state::shell ? on.boot.prompt_deadline() : on.boot.login_deadline();
    for (const auto& when : {on.boot.nudge_deadline(), prompt})
        if (when && (!next || *when < *next)) next = when;
    return next;
}

/// A prompt that kernel messages have buried shows itself again after an Enter.
void nudge(guest& on, bool wanted) {
    if (!on.boot.nudge_deadline() || on.now < *on.boot.nudge_deadline()) return;
    on.boot.on_nudged(on.now);
    if (!wanted || !on.shell.at_prompt()) return;
    on.activity.on_nudged(on.now);
    on.type("\r");
}

std::string answer_to_enter(const guest& on) {
    const auto answer = trim(on.boot.answer());
    if (answer.empty()) return "";
    return fmt::format("; it answers Enter with \"{}\"{}", printable(answer),
                       is_prompt_alone(on.boot.answer()) ? ", so a shell is there" : "");
}

std::string boot_so_far(const std::string& reason, const guest& on) {
    return fmt::format("the boot got as far as \"{}\": {}{}",
                       on.boot.reached() ? name_of(*on.boot.reached()) : "power-on", reason,
                       answer_to_enter(on));
}

}  // namespace qh
