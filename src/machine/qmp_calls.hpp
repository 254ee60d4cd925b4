// QMP commands whose replies somebody waits for.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "qmp/qmp_session.hpp"

namespace qh {

class qmp_calls {
  public:
    /// `send` sends a command and returns its id; called only from `call`.
    using sender = std::function<std::uint64_t(const std::string&, const json&)>;

    qmp_calls(boost::asio::any_io_executor executor, sender send);
    ~qmp_calls();

    /// Sends a command and returns QEMU's answer to it. Throws an infrastructure error with QEMU's
    /// words where it refuses, and one where no answer comes within a minute or before `close`, at
    /// once after it.
    boost::asio::awaitable<json> call(std::string command, json arguments = json::object());

    /// Gives an answer to whoever waits for it; false where nobody does.
    bool take(const qmp_message& message);

    /// There will be no more answers.
    void close();
    bool closed() const { return closed_; }

  private:
    struct waiting;

    boost::asio::any_io_executor executor_;
    sender send_;
    std::map<std::uint64_t, std::shared_ptr<waiting>> waiting_;
    bool closed_ = false;
};

}  // namespace qh
