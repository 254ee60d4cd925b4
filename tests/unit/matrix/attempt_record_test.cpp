// What is made of an attempt's folder, however damaged it is.
#include "matrix/attempt_record.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "matrix/attempt_process.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

class attempt_record : public test::in_temporary_folder {};

TEST_F(attempt_record, has_no_result_where_it_cannot_be_looked_for) {
    EXPECT_FALSE(has_result(folder() / "attempt"));
    const auto result = write("attempt/run/result.json", "{}");
    EXPECT_TRUE(has_result(folder() / "attempt"));
    fs::remove(result);
    fs::create_symlink("result.json", result);
    EXPECT_FALSE(has_result(folder() / "attempt"));
}

TEST_F(attempt_record, that_nobody_can_read_is_an_infra_error_of_its_attempt) {
    for (const auto* result : {"[]", R"({"outcome": 3})", R"({"outcome": "x"})"}) {
        write("attempt/run/result.json", result);
        asio::io_context context;
        attempt_process process(context.get_executor(), {"/bin/true"}, folder() / "attempt",
                                folder() / "log", std::chrono::minutes(1));
        cell_attempt attempt;
        asio::co_spawn(context, process.run(), [&](std::exception_ptr fault, cell_attempt made) {
            EXPECT_FALSE(fault) << result;
            attempt = std::move(made);
        });
        context.run();
        EXPECT_EQ(attempt.outcome, run_outcome::infra_error);
        EXPECT_NE(attempt.reason, "");
    }
}

}  // namespace
}  // namespace qh
