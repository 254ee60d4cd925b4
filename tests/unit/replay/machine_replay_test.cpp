#include "replay/machine_replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/recorded_spec.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

class machine_replay_record : public test::in_temporary_folder {
  protected:
    recording recorded() const {
        recording recorded;
        recorded.folder = folder();
        return recorded;
    }
};

TEST_F(machine_replay_record, says_where_a_step_began) {
    write("journal.jsonl", R"x({"t":0,"type":"step_started","index":0,"name":"boot","kind":"run"}
{"t":0,"type":"step_position","index":0,"icount":0}
{"t":1,"type":"step_started","index":1,"name":"load","kind":"run"}
{"t":1,"type":"step_finished","index":1,"name":"load","outcome":"passed","kind":"run","seconds":1}
{"t":1,"type":"step_position","index":1,"icount":1000}
{"t":2,"type":"step_finished","index":2,"name":"skipped","outcome":"not_run","kind":"run","seconds":1}
{"t":2,"type":"step_started","index":3,"name":"crash","kind":"run"}
)x");
    EXPECT_EQ(position_of_step(recorded(), "boot"), 1);
    EXPECT_EQ(position_of_step(recorded(), "load"), 1000);
    EXPECT_EQ(position_of_step(recorded(), "2"), 1000);
    EXPECT_THAT(test::message_of([&] { position_of_step(recorded(), "skipped"); }),
                HasSubstr("no step skipped began"));
    EXPECT_THAT(test::message_of([&] { position_of_step(recorded(), "crash"); }),
                HasSubstr("does not say where step crash began"));
}

TEST_F(machine_replay_record, has_the_machine_and_a_whole_log) {
    auto run = recorded();
    run.run.emplace();
    EXPECT_THAT(test::message_of([&] { replay_machine(run, {}); }),
                HasSubstr("make one with: qharness run --record"));
    machine_spec spec;
    spec.kernel = write("Image", "");
    run.run->recorded = describe_recorded(spec);
    EXPECT_THAT(test::message_of([&] { replay_machine(run, {}); }), HasSubstr("cannot be read"));
    write(instruction_log_name, std::string(100, '\0'));
    EXPECT_THAT(test::message_of([&] { replay_machine(run, {}); }), HasSubstr("was killed"));
}

}  // namespace
}  // namespace qh
