#include "run/steps/shell_command.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "console/shown_text.hpp"
#include "run/guest/exit_text.hpp"
#include "run/judge/excerpt.hpp"

namespace qh {

std::optional<step_end> shell_problem(const guest& on) {
    if (on.shell.problem().empty()) return std::nullopt;
    return step_end::failed(run_outcome::infra_error, on.shell.problem());
}

json interrupt_command(guest& on) {
    json details = json::object();
    if (const auto output = on.shell.output_so_far(); !output.empty())
        details["output"] = shortened_output(shown_text(output));
    on.shell.interrupt(on.now);
    return details;
}

std::optional<step_end> refusal(guest& on, std::string_view what) {
    const auto result = on.shell.take_result();
    if (!result || !is_refusal(result->status)) return std::nullopt;
    return step_end::failed(
        run_outcome::failed,
        fmt::format("the guest cannot {}: {}", what, status_text(result->status)),
        {{"output", printable(result->output)}});
}

}  // namespace qh
