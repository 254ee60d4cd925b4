#include "run/guest/exit_text.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

TEST(status_text, explains_signals) {
    EXPECT_EQ(status_text(1), "status 1");
    EXPECT_EQ(status_text(127), "status 127 (command not found)");
    EXPECT_EQ(status_text(132), "status 132 (SIGILL, illegal instruction)");
    EXPECT_EQ(status_text(137), "status 137 (SIGKILL, killed: out of memory?)");
    EXPECT_EQ(status_text(255), "status 255");
}

TEST(is_crash, is_for_signals_that_a_fault_raises) {
    for (const int status : {132, 134, 135, 136, 139}) EXPECT_TRUE(is_crash(status)) << status;
    for (const int status : {0, 1, 4, 127, 128, 130, 137, 143, 255})
        EXPECT_FALSE(is_crash(status)) << status;
}

}  // namespace
}  // namespace qh
