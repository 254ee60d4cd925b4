// This host as the place where a night runs, with attempts as children of this process.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <set>

#include "matrix/night_executor.hpp"

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

/// How many cores this host has; at least one.
std::size_t host_cores();

class local_night_executor : public night_executor {
  public:
    static constexpr std::string_view own_name = default_executor;

    std::string_view name() const override { return own_name; }
    /// A cell for each core, and no more harts or memory than the host has.
    scheduler_limits limits(std::size_t jobs) const override;
    void connect() override {}
    void refuse_impossible(std::vector<night_cell>&, const message_sink&) const override {}
    std::unique_ptr<attempt_executor> begin(boost::asio::any_io_executor executor,
                                            night_directory& night,
                                            message_sink say) const override;
};

}  // namespace qh
