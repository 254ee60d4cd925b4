// Attempts as children of this process.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <set>

#include "matrix/attempt_executor.hpp"

namespace qh {

class attempt_process;

/// They die with us, so nothing of an earlier process goes on, and what was ordered has begun.
class local_executor : public attempt_executor {
  public:
    explicit local_executor(boost::asio::any_io_executor executor);

    boost::asio::awaitable<cell_attempt> run(attempt_order order) override;
    bool has_begun(const attempt_order&) const override { return false; }
    void withdraw() override {}
    void interrupt() override;
    void kill() override;

  private:
    boost::asio::any_io_executor executor_;
    std::set<attempt_process*> running_;
};

}  // namespace qh
