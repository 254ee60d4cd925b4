#include "launch/script_guest.hpp"

#include <gtest/gtest.h>

#include "launch/no_images.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

TEST(setting_up, counts_dpkgs_lines_however_they_are_cut) {
    setting_up heard;
    EXPECT_EQ(heard.feed("Setting up dash (0.5.12-12) ...\r\nSetting "), 1u);
    EXPECT_EQ(heard.feed("up tar (1.35) ...\n  Setting up by itself\nSetting up"), 1u);
    EXPECT_EQ(heard.feed(" sed (4.9) ...\n"), 1u);
}

recipe with_scripts(const std::string& architecture) {
    recipe wanted;
    wanted.architecture = architecture;
    wanted.disk.emplace();
    wanted.disk->scripts = true;
    return wanted;
}

TEST(script_guest, is_for_recipes_with_scripts_of_its_own_architecture) {
    test::no_images images;
    build_options options;
    choose_script_place(recipe(), script_place::guest, images, options);
    EXPECT_FALSE(options.configure_in_guest);
    choose_script_place(with_scripts("riscv64"), script_place::host, images, options);
    EXPECT_FALSE(options.configure_in_guest);
    EXPECT_TRUE(test::fails_with(fault::usage, [&] {
        choose_script_place(with_scripts("arm64"), script_place::guest, images, options);
    }));
}

}  // namespace
}  // namespace qh
