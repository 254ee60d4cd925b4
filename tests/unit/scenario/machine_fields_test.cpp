#include "scenario/machine_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/errors.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

TEST(machine_fields, are_those_that_the_schema_has) {
    const auto schema =
        json_document::load(std::filesystem::path(SCENARIOS) / "schema" / "scenario.schema.json");
    std::vector<std::string> in_schema, keys;
    for (const auto& [key, value] :
         schema.root().at("definitions").at("machine").at("properties").items())
        in_schema.push_back(key);
    for (const auto& field : machine_fields()) keys.push_back(field.key);
    EXPECT_THAT(keys, UnorderedElementsAreArray(in_schema));
}

TEST(machine_fields, are_a_matrixs_axes_in_an_order_that_names_of_cells_rest_on) {
    EXPECT_THAT(machine_axes(), ElementsAre("image", "cpu", "smp", "memory", "qemu", "append"));
}

TEST(machine_fields, that_are_recorded_are_restored) {
    machine_config machine;
    machine.qemu = "my-qemu";
    machine.cpu = "max";
    machine.harts = 3;
    machine.memory_bytes = 1u << 30;
    machine.kernel = "/k";
    machine.initrd = "/i";
    machine.drives = {"/a", "/b"};
    machine.append = "quiet";
    machine.firmware = "none";
    machine.extra_arguments = {"-d", "int"};
    EXPECT_EQ(describe_machine(machine, machine_record::result),
              json::parse(R"({"qemu": "my-qemu", "cpu": "max", "smp": 3, "kernel": "/k",
                              "memory_bytes": 1073741824, "append": "quiet"})"));
    for (const auto record :
         {machine_record::result, machine_record::event_replay, machine_record::whole}) {
        const auto described = describe_machine(machine, record);
        machine_config restored;
        restore_machine(restored, described, record);
        EXPECT_EQ(describe_machine(restored, record), described);
    }
}

TEST(machine_overrides, go_before_the_scenario_and_empty_ones_say_nothing) {
    machine_request machine;
    machine.cpu = "rv64";
    machine.harts = 2;
    machine.drives = {"first"};
    apply_overrides({{"cpu", {"max"}},
                     {"smp", {"0"}},
                     {"memory", {"1G"}},
                     {"append", {""}},
                     {"drive", {"second", "third"}}},
                    machine);
    EXPECT_EQ(machine.cpu, "max");
    EXPECT_EQ(machine.harts, 2u);
    EXPECT_EQ(machine.memory_bytes, 1u << 30);
    EXPECT_THAT(machine.drives, ElementsAre("first", "second", "third"));
}

TEST(machine_overrides, with_a_kernel_leave_nothing_of_the_scenarios_image) {
    machine_request machine;
    machine.image = "tiny";
    machine.initrd = "its initrd";
    machine.drives = {"its disk"};
    apply_overrides({{"kernel", {"mine"}}, {"initrd", {"my initrd"}}, {"drive", {"my disk"}}},
                    machine);
    EXPECT_EQ(machine.image, "");
    EXPECT_EQ(machine.kernel, "mine");
    EXPECT_EQ(machine.initrd, "my initrd");
    EXPECT_THAT(machine.drives, ElementsAre("my disk"));
    apply_overrides({{"image", {"other"}}}, machine);
    EXPECT_EQ(machine.image, "other");
    EXPECT_EQ(machine.kernel, "");
}

TEST(machine_overrides, that_contradict_each_other_or_are_no_numbers_are_refused) {
    machine_request machine;
    EXPECT_EQ(test::message_of([&] {
                  apply_overrides({{"image", {"tiny"}}, {"kernel", {"mine"}}}, machine);
              }),
              "give an image or --kernel, not both");
    for (const auto* harts : {"many", "2x", "-1"})
        EXPECT_TRUE(test::fails_with(fault::usage, [&] {
            apply_overrides({{"smp", {harts}}}, machine);
        })) << harts;
}

TEST(channel_choice, has_a_name_for_each) {
    for (const auto choice :
         {channel_choice::automatic, channel_choice::console, channel_choice::virtio})
        EXPECT_EQ(channel_named(name_of(choice)), choice);
    EXPECT_FALSE(channel_named("smoke signals"));
}

}  // namespace
}  // namespace qh
