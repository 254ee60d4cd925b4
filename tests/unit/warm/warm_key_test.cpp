#include "warm/warm_key.hpp"

#include <gtest/gtest.h>

#include "scenario/load.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

/// What is changed in one of the tests, and else as here.
struct warm_key_of : public test::in_temporary_folder {
    std::string before = R"({"run": "echo {{word}}"})", after = R"({"run": "echo later"})";
    std::string parameters = R"("word": "a", "late": 1)";
    std::string more;
    engine_options options;
    machine_spec spec;

    warm_key_of() {
        spec.qemu = write("qemu", "program").string();
        spec.kernel = write("Image", "kernel");
    }

    std::string key() {
        const auto what = load_scenario(
            write("s.json", R"({"name": "s", "params": {)" + parameters + "}" + more +
                                R"(, "steps": [{"boot": "shell"}, )" + before +
                                R"(, {"warm": true}, )" + after + R"(, {"run": "x {{late}}"}]})"),
            {});
        return warm_key(what, *warm_step_of(what), spec, options);
    }
};

TEST_F(warm_key_of, the_same_is_the_same) {
    EXPECT_EQ(key(), key());
}

TEST_F(warm_key_of, does_not_depend_on_what_comes_later) {
    const auto first = key();
    after = R"({"run": "echo something else"})";
    parameters = R"("word": "a", "late": 2)";
    EXPECT_EQ(key(), first);
}

TEST_F(warm_key_of, depends_on_the_steps_before) {
    const auto first = key();
    before = R"({"run": "echo {{word}}; reboot"})";
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_a_parameter_that_they_use) {
    const auto first = key();
    parameters = R"("word": "b", "late": 1)";
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_the_failures_to_be_watched_for) {
    const auto first = key();
    more =
        R"(, "failures": {"patterns": [{"kind": "mine", "severity": "fatal", "start": "mine"}]})";
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_the_cpu) {
    const auto first = key();
    spec.cpu = "rv64,v=true";
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_how_long_steps_may_take) {
    const auto first = key();
    options.timeout_multiplier = 2;
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_a_kernel_that_is_put_in_the_place_of_the_other) {
    const auto first = key();
    write("Image.new", "kerneL");
    std::filesystem::last_write_time(spec.kernel.string() + ".new",
                                     std::filesystem::last_write_time(spec.kernel));
    std::filesystem::rename(spec.kernel.string() + ".new", spec.kernel);
    EXPECT_NE(key(), first);
}

TEST_F(warm_key_of, depends_on_the_qemu) {
    const auto first = key();
    write("qemu", "another program");
    EXPECT_NE(key(), first);
}

}  // namespace
}  // namespace qh
