#include "machine/rearm_timers.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace qh {
namespace {

TEST(gdb_packet, carries_the_sum_of_its_bytes) {
    EXPECT_EQ(gdb_packet("OK"), "$OK#9a");
    EXPECT_EQ(gdb_packet(""), "$#00");
}

TEST(stimecmp_number, counts_from_the_csr_that_qemu_numbers) {
    EXPECT_EQ(stimecmp_number(R"(<feature name="org.gnu.gdb.riscv.csr">
  <reg name="fflags" bitsize="64" regnum="67" type="int"/>
  <reg name="frm" bitsize="64" type="int"/></feature>)"),
              399u);
}

TEST(stimecmp_number, refuses_a_list_of_another_shape) {
    EXPECT_THROW(stimecmp_number("<feature/>"), error);
}

}  // namespace
}  // namespace qh
