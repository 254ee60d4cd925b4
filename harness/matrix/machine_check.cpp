#include "matrix/machine_check.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/machine.hpp"
#include "machine/machine_refusal.hpp"

namespace qh {

namespace asio = boost::asio;

namespace {

/// Enough for any kernel and initrd that is loaded; it is never run.
constexpr std::uint64_t most_memory_bytes = 512u << 20;
constexpr std::size_t longest_warning = 4096;

machine_spec reduced(machine_spec spec) {
    spec.memory_bytes = std::min(spec.memory_bytes, most_memory_bytes);
    spec.drives.clear();
    spec.files.clear();
    return spec;
}

/// Ends the machine as soon as it has proved to live.
class check : private machine_listener {
  public:
    check(asio::any_io_executor executor, const machine_spec& spec)
        : machine_(std::move(executor), spec, *this) {}

    asio::awaitable<machine_answer> run() {
        try {
            co_await machine_.run();
        } catch (const machine_refusal& e) {
            answer_.refusal = e.what();
        } catch (const error& e) {
            answer_.warnings = fmt::format("{}\n{}", answer_.warnings, e.what());
        }
        co_return answer_;
    }

  private:
    void on_connected(const qemu_version& version, const cpu_properties&) override {
        answer_.qemu_version = version.text();
        machine_.stop();
    }
    void on_error_output(std::string_view bytes) override {
        if (answer_.warnings.size() < longest_warning) answer_.warnings += printable(bytes);
    }
    void on_console(std::string_view) override {}

    machine_answer answer_;
    machine machine_;
};

}  // namespace

std::string machine_check_key(const machine_spec& spec) {
    return qemu_command(reduced(spec));
}

std::vector<machine_answer> check_machines(const std::vector<machine_spec>& specs,
                                           std::size_t jobs) {
    asio::io_context context(1);
    std::vector<machine_answer> answers(specs.size());
    std::size_t next = 0;
    std::exception_ptr fault;
    const auto work = [&]() -> asio::awaitable<void> {
        while (next < specs.size()) {
            const auto at = next++;
            check one(context.get_executor(), reduced(specs[at]));
            answers[at] = co_await one.run();
        }
    };
    for (std::size_t i = 0; i < std::min(jobs, specs.size()); ++i)
        asio::co_spawn(context, work(), [&](std::exception_ptr cause) {
            if (cause && !fault) fault = cause;
        });
    context.run();
    if (fault) std::rethrow_exception(fault);
    return answers;
}

}  // namespace qh
