// What `qharness replay LOG` finds in the recorded consoles, packed as they are.
#include <gtest/gtest.h>

#include <algorithm>

#include "golden_console.hpp"
#include "replay/log_source.hpp"
#include "replay/log_survey.hpp"

namespace qh {
namespace {

const console_patterns& patterns() {
    static const auto all = log_patterns(json());
    return all;
}

log_findings survey(const std::string& name) {
    log_source source(golden::log_path(name));
    log_survey heard(patterns());
    log_text text;
    const log_text::taker take = [&](const log_piece& piece) { heard.hear(piece); };
    for (std::string_view block; source.next(block);) text.feed(block, take);
    text.finish(take);
    heard.finish();
    EXPECT_EQ(text.format(), log_format::text);
    EXPECT_EQ(source.packing(), "zstd");
    EXPECT_EQ(source.problem(), "");
    return heard.findings();
}

class replay_golden : public testing::TestWithParam<std::string> {};

TEST_P(replay_golden, finds_the_failures_and_traces_that_were_reviewed) {
    json failures = json::array(), traces = json::array();
    for (const auto& event : parse_json(golden::read_events(GetParam()))) {
        if (event.contains("failure"))
            failures.push_back({event["failure"], event["title"], event["severity"] == "fatal"});
        if (event.contains("trace")) traces.push_back(event["lines"]);
    }
    json found_failures = json::array(), found_traces = json::array();
    for (const auto& one : survey(GetParam()).failures) {
        // Only the end of a log shows that a loader stays at its prompt.
        if (one.what.kind == "emergency") continue;
        found_failures.push_back({one.what.kind, one.what.title, one.what.fatal});
        if (!one.trace.empty()) found_traces.push_back(one.trace);
    }
    EXPECT_EQ(found_failures, failures);
    EXPECT_EQ(found_traces, traces);
}

INSTANTIATE_TEST_SUITE_P(all, replay_golden, testing::ValuesIn(golden::log_names()),
                         [](const auto& instance) {
                             auto name = instance.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(replay_golden_prompts, of_a_loader_that_found_no_disk_is_a_failure) {
    const auto found = survey("u-boot-no-disk");
    ASSERT_EQ(found.failures.size(), 1u);
    EXPECT_EQ(found.failures[0].what.title, "U-Boot found nothing to boot and waits at its prompt");
    EXPECT_TRUE(found.fatal());
}

TEST(replay_golden_facts, are_those_of_the_guest) {
    const auto found = survey("boot-2-harts");
    EXPECT_EQ(found.facts.at("kernel"), "6.12.107+deb13-riscv64");
    EXPECT_EQ(found.facts.at("harts"), "2");
    EXPECT_EQ(found.facts.at("isa of the firmware"), "rv64imafdch");
    EXPECT_EQ(found.facts.at("machine"), "riscv-virtio,qemu");
    EXPECT_EQ(found.facts.at("memory"), "184004K/262144K available");
    std::string timeline;
    for (const auto& moment : found.timeline) timeline += moment.kind + " ";
    EXPECT_EQ(timeline.substr(0, 15), "opensbi kernel ");
    EXPECT_EQ(found.timeline[1].kernel_seconds, 0.0);
    EXPECT_FALSE(found.timeline[0].kernel_seconds);
}

}  // namespace
}  // namespace qh
