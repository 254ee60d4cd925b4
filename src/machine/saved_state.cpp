#include "machine/saved_state.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {

namespace asio = boost::asio;

namespace {

/// A slow disk takes a minute for a guest of 4 GB.
constexpr auto state_timeout = std::chrono::minutes(5);
constexpr auto poll_interval = std::chrono::milliseconds(20);

asio::awaitable<void> use_mapped_ram(qmp_calls& qemu) {
    const json capability = {{"capability", "mapped-ram"}, {"state", true}};
    const json wanted = {{"capabilities", json::array({capability})}};
    co_await qemu.call("migrate-set-capabilities", wanted);
}

/// Asks `question` again and again until it says something else than one of `meanwhile`.
asio::awaitable<json> wait_for_end(qmp_calls& qemu, std::string question,
                                   std::vector<std::string> meanwhile) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    const auto deadline = std::chrono::steady_clock::now() + state_timeout;
    for (;;) {
        auto answer = co_await qemu.call(question);
        const auto status = answer.value("status", "");
        if (std::ranges::find(meanwhile, status) == meanwhile.end()) co_return answer;
        if (std::chrono::steady_clock::now() > deadline)
            throw infrastructure_error("QEMU is still at it after {} minutes",
                                       state_timeout.count());
        pause.expires_after(poll_interval);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> check_timers(qmp_calls& qemu, qemu_version version) {
    if (version < oldest_saving_qemu)
        throw infrastructure_error("QEMU {} cannot save a guest to a file; {}.{} can",
                                   version.text(), oldest_saving_qemu.major,
                                   oldest_saving_qemu.minor);
    if (version >= oldest_timer_saving_qemu) co_return;
    const json sstc = {{"path", "/machine/soc0/harts[0]"}, {"property", "sstc"}};
    const auto has_sstc = co_await qemu.call("qom-get", sstc);
    if (has_sstc != true)
        throw infrastructure_error(
            "QEMU before {}.{} does not save the timers of a CPU without Sstc",
            oldest_timer_saving_qemu.major, oldest_timer_saving_qemu.minor);
}

}  // namespace

asio::awaitable<void> save_state(qmp_calls& qemu, qemu_version version,
                                 std::filesystem::path file) {
    co_await check_timers(qemu, version);
    co_await qemu.call("stop");
    co_await use_mapped_ram(qemu);
    const json target = {{"uri", "file:" + file.string()}};
    co_await qemu.call("migrate", target);
    const std::vector<std::string> meanwhile = {"",       "none",   "setup",
                                                "active", "device", "completing"};
    const auto end = co_await wait_for_end(qemu, "query-migrate", meanwhile);
    if (end.value("status", "") != "completed")
        throw infrastructure_error("QEMU could not save the guest: {}",
                                   printable(end.value("error-desc", end.value("status", ""))));
}

asio::awaitable<void> restore_state(qmp_calls& qemu, std::filesystem::path file) {
    co_await use_mapped_ram(qemu);
    const json source = {{"uri", "file:" + file.string()}};
    co_await qemu.call("migrate-incoming", source);
    const std::vector<std::string> meanwhile = {"inmigrate"};
    const auto end = co_await wait_for_end(qemu, "query-status", meanwhile);
    if (end.value("status", "") != "paused")
        throw infrastructure_error("QEMU could not restore the guest: it is \"{}\"",
                                   printable(end.value("status", "")));
}

}  // namespace qh
