#include "machine/qmp_calls.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

namespace qh {
namespace {

namespace asio = boost::asio;

class qmp_calls_test : public testing::Test {
  protected:
    void call() {
        asio::co_spawn(context_, calls_.call("query-status"),
                       [this](std::exception_ptr cause, json answer) {
                           failed_ = cause != nullptr;
                           answer_ = std::move(answer);
                       });
        context_.restart();
        context_.poll();
    }

    asio::io_context context_;
    std::uint64_t sent_ = 0;
    qmp_calls calls_{context_.get_executor(),
                     [this](const std::string&, const json&) { return ++sent_; }};
    std::optional<bool> failed_;
    json answer_;
};

TEST_F(qmp_calls_test, has_the_answer_to_its_own_question) {
    call();
    EXPECT_FALSE(failed_);
    EXPECT_FALSE(calls_.take({qmp_message::kind::reply, {}, 7, "another's"}));
    EXPECT_TRUE(calls_.take({qmp_message::kind::reply, {}, 1, "paused"}));
    context_.poll();
    EXPECT_EQ(failed_, false);
    EXPECT_EQ(answer_, "paused");
}

TEST_F(qmp_calls_test, waits_for_nobody_that_is_gone) {
    call();
    calls_.close();
    context_.poll();
    EXPECT_EQ(failed_, true);

    failed_.reset();
    call();
    EXPECT_EQ(failed_, true);
    EXPECT_EQ(sent_, 1u);
}

}  // namespace
}  // namespace qh
