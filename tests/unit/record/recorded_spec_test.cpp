#include "record/recorded_spec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

class recorded_spec : public test::in_temporary_folder {
  protected:
    machine_spec spec() const {
        machine_spec spec;
        spec.cpu = "rv64,v=true";
        spec.kernel = folder() / "Image";
        spec.drives = {folder() / "disk.raw"};
        spec.files = {{"data", folder() / "data.tar"}};
        spec.append = "console=ttyS0";
        spec.rtc_base = "2026-11-26T07:18:39";
        return spec;
    }

    void SetUp() override {
        for (const auto* name : {"Image", "disk.raw", "data.tar"}) write(name, name);
    }
};

TEST_F(recorded_spec, is_the_same_machine_with_the_runs_log) {
    const auto again = machine_to_replay(describe_recorded(spec()), "run");
    auto expected = spec();
    expected.instruction_log = "run/instructions.rr";
    expected.replays_log = true;
    EXPECT_EQ(qemu_arguments(again, {7, 9, 0}), qemu_arguments(expected, {7, 9, 0}));
}

TEST_F(recorded_spec, wants_every_file_as_it_was) {
    const auto described = describe_recorded(spec());
    for (const auto* name : {"Image", "disk.raw", "data.tar"}) {
        write(name, "another one");
        EXPECT_THAT(test::message_of([&] { machine_to_replay(described, "run"); }),
                    HasSubstr((folder() / name).string() + " is not the file"));
        write(name, name);
    }
}

TEST_F(recorded_spec, is_of_one_hart_that_no_firmware_menu_boots) {
    EXPECT_EQ(why_not_recordable(spec()), "");
    auto several = spec();
    several.harts = 2;
    EXPECT_THAT(why_not_recordable(several), HasSubstr("one hart"));
    auto menu = spec();
    menu.boot_disk = "boot.raw";
    EXPECT_THAT(why_not_recordable(menu), HasSubstr("menu"));
}

}  // namespace
}  // namespace qh
