#include "scenario/steps/send.hpp"

#include "base/text.hpp"
#include "scenario/steps/step_reading.hpp"
#include "scenario/text/keys.hpp"

namespace qh {

void read(step_reading& from, send_step& step) {
    const auto text = from.object.text("send");
    if (const auto wrong = find_misspelt_key(text))
        throw from.object.problem(
            "send",
            fmt::format(
                "there is no key \"{}\"; \"<lt>{}\" types it as it is{}", printable(wrong->written),
                printable(std::string_view(wrong->written).substr(1)),
                wrong->meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", wrong->meant)));
    step.text = resolve_keys(text);
}

}  // namespace qh
