// What Slurm's commands answer, which are scripts here.
#include "matrix/slurm_client.hpp"

#include <gmock/gmock.h>

#include "support/fake_programs.hpp"

namespace qh {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class slurm_client : public test::with_fake_programs {};

TEST_F(slurm_client, a_refusal_comes_in_slurm_s_words) {
    program("sbatch",
            "echo 'allocation failure: Requested node configuration is not available' "
            ">&2; exit 1");
    EXPECT_THAT(refusal_of({"--mem=9000000M"}),
                AllOf(HasSubstr("--mem=9000000M"), HasSubstr("is not available")));
    program("sbatch", "exit 0");
    EXPECT_EQ(refusal_of({}), "");
}

TEST_F(slurm_client, a_passing_trouble_is_no_refusal) {
    for (const auto* script :
         {"exit 1", "kill -9 $$",
          "echo 'allocation failure: Unable to contact slurm controller (connect failure)' >&2; "
          "exit 1",
          "echo 'allocation failure: Socket timed out on send/recv operation' >&2; exit 1"}) {
        program("sbatch", script);
        EXPECT_EQ(refusal_of({}), "") << script;
    }
}

}  // namespace
}  // namespace qh
