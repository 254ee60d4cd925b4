#include "scenario/steps/run.hpp"

#include "scenario/steps/pattern_reader.hpp"
#include "scenario/steps/step_reading.hpp"

namespace qh {
namespace {

void read_stderr(step_reading& from, run_step& step) {
    auto& object = from.object;
    const auto where = object.text("stderr", "merge");
    if (where != "merge" && where != "apart")
        throw object.problem("stderr", "\"stderr\" is \"merge\" or \"apart\"");
    step.stderr_apart = where == "apart";
    from.step.match_stderr = read_patterns(object, "match_stderr");
    if (!from.step.match_stderr.empty() && where != "apart")
        throw object.problem("match_stderr", "\"match_stderr\" needs \"stderr\": \"apart\"");
}

}  // namespace

void read(step_reading& from, run_step& step) {
    from.problems.attempt([&] { step.code = read_code(from, "run"); });
    read_output_checks(from);
    from.problems.attempt([&] { read_stderr(from, step); });
    read_checks(from);
}

}  // namespace qh
