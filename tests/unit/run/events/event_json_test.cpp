#include "run/events/event_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/locations.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

std::string problem_of(const char* line) {
    return test::message_of([&] { event_from_json(json::parse(line)); });
}

TEST(event_json, of_a_step_keeps_its_kinds_members_apart_from_its_own) {
    const auto line = json::parse(
        R"({"type": "step_finished", "t": 1, "index": 2, "name": "a", "kind": "run",
            "outcome": "skipped", "seconds": 1, "reason": "no", "exit": 77, "output": "x"})");
    const auto step = std::get<events::step_finished>(event_from_json(line));
    EXPECT_EQ(step.index, 2u);
    EXPECT_EQ(step.outcome, step_outcome::skipped);
    EXPECT_EQ(step.reason, "no");
    EXPECT_EQ(step.host_delay_s, std::nullopt);
    EXPECT_EQ(step.details.values, json({{"exit", 77}, {"output", "x"}}));
}

// A guest's JSON line may have any members.
TEST(event_json, of_a_measurement_is_not_changed_by_what_the_guest_added) {
    const events::measurement taken = {
        "gflops", "bench", {{{"value", 5}, {"name", "x"}, {"type", "verdict"}, {"step", 1}}}};
    EXPECT_EQ(to_json(taken),
              json({{"type", "measurement"}, {"name", "gflops"}, {"step", "bench"}, {"value", 5}}));
}

TEST(event_json, names_the_member_that_lacks_or_is_of_another_kind) {
    const struct {
        const char *line, *problem;
    } cases[] = {
        {R"({"type": "tock"})", "there is no event of the type \"tock\""},
        {R"([1])", "it is no event: it has no \"type\""},
        {R"({"type": "step_started", "index": 0, "name": "a"})",
         "step_started has no \"kind\" of the right kind"},
        {R"({"type": "step_started", "index": -1, "name": "a", "kind": "run"})",
         "step_started has no \"index\" of the right kind"},
        {R"({"type": "machine_ended", "signalled": false, "status": 1e300})",
         "machine_ended has no \"status\" of the right kind"},
        {R"({"type": "machine_ended", "signalled": false, "status": 4294967296})",
         "machine_ended has no \"status\" of the right kind"},
        {R"({"type": "verdict", "outcome": "fine", "reason": ""})",
         "verdict has no \"outcome\" of the right kind"},
        {R"({"type": "console_out", "base64": "?"})",
         "console_out has no \"text\" or \"base64\" of the right kind"},
        {R"({"type": "facts", "a": 1})", "facts has a value that is no text"},
        {R"({"type": "cpu", "state": "running", "cpu_ms": 1, "waits": true, "host": [1],
             "threads": []})",
         "cpu is not of its form"},
    };
    for (const auto& c : cases) EXPECT_EQ(problem_of(c.line), c.problem) << c.line;
}

TEST(event_json, has_the_types_that_the_journals_schema_has) {
    const auto form =
        json_document::load(data_directory() / "scenarios/schema/journal.schema.json").root();
    const auto& types = form.at("properties").at("type").at("enum");
    EXPECT_EQ(types.size(), std::variant_size_v<event_data>);
    for (const auto& type : types) EXPECT_TRUE(is_event_type(type.get<std::string>())) << type;
}

}  // namespace
}  // namespace qh
