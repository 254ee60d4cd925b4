#include "machine/cpu_query.hpp"

#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/cpu_properties.hpp"
#include "machine/error_output.hpp"
#include "machine/qemu_process.hpp"
#include "machine/qmp_calls.hpp"
#include "machine/read_to_end.hpp"
#include "machine/task_group.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;

/// QEMU answers at once; only a broken one, or a host that is as good as stopped, does not.
constexpr auto longest_conversation = std::chrono::seconds(60);

/// Time the pipes get to run dry once the process is gone; a child of it may hold them open.
constexpr auto drain_timeout = std::chrono::seconds(1);

machine_spec bare_machine(const std::string& qemu, const std::string& cpu) {
    machine_spec spec;
    spec.qemu = qemu;
    spec.cpu = cpu;
    spec.memory_bytes = 64u << 20;
    spec.firmware = "none";
    return spec;
}

struct conversation {
    bool is_complete = false;
    cpu_answer answer;
    exit_status end;
};

class cpu_query {
  public:
    explicit cpu_query(const asio::any_io_executor& executor)
        : qemu_(executor),
          calls_(executor, [this](const auto& command,
                                  const auto& arguments) { return execute(command, arguments); }),
          tasks_(executor, [this](std::exception_ptr cause) { fail(cause); }),
          life_(executor, [this](std::exception_ptr cause) { fail(cause); }) {}

    asio::awaitable<conversation> run(std::string qemu, std::string cpu) {
        constexpr auto no_limit = std::chrono::steady_clock::time_point::max();
        offer_.on_model(cpu);
        qemu_.start(bare_machine(qemu, cpu));
        tasks_.spawn(pump_qmp());
        tasks_.spawn(pump_errors());
        life_.spawn(wait_for_end());
        co_await life_.wait_until(std::chrono::steady_clock::now() + longest_conversation);
        if (!status_) {
            words_.feed("qharness: it did not answer in time\n");
            qemu_.process->signal(SIGKILL);
            co_await life_.wait_until(no_limit);
        }
        calls_.close();
        co_await tasks_.wait_until(std::chrono::steady_clock::now() + drain_timeout);
        qemu_.close();
        co_await tasks_.wait_until(no_limit);
        if (failure_) std::rethrow_exception(failure_);
        co_return conversation{complete_, {std::move(offer_), words_.tail()}, *status_};
    }

  private:
    asio::awaitable<void> wait_for_end() { status_ = co_await qemu_.process->wait(); }

    asio::awaitable<void> pump_qmp() {
        co_await read_to_end(qemu_.qmp.socket, [this](std::string_view bytes) {
            std::vector<qmp_message> messages;
            session_.feed(bytes, messages);
            for (const auto& message : messages) {
                if (message.kind == qmp_message::kind::greeting) tasks_.spawn(converse());
                calls_.take(message);
            }
        });
    }

    asio::awaitable<void> pump_errors() {
        co_await read_to_end(qemu_.errors, [this](std::string_view bytes) { words_.feed(bytes); });
        words_.finish();
    }

    /// How QEMU ended tells more than that it did not answer any more.
    asio::awaitable<void> converse() {
        try {
            co_await ask_all();
        } catch (const error&) {
            if (!status_) throw;
        }
    }

    asio::awaitable<void> ask_all() {
        co_await calls_.call("qmp_capabilities");
        const auto told = co_await ask_cpu_properties(calls_);
        for (const auto& [name, has] : told.extensions) offer_.on_extension(name, has);
        if (told.vector_bits) offer_.on_vector_bits(*told.vector_bits);
        complete_ = true;
        co_await calls_.call("quit");
    }

    std::uint64_t execute(const std::string& command, const json& arguments) {
        std::uint64_t id = 0;
        qemu_.qmp.queue += session_.command(command, arguments, id);
        if (!std::exchange(qemu_.qmp.writing, true)) tasks_.spawn(qemu_.qmp.write_out());
        return id;
    }

    void fail(std::exception_ptr cause) {
        if (!failure_) failure_ = cause;
        qemu_.process->signal(SIGKILL);
    }

    qemu_process qemu_;
    error_output words_;
    qmp_session session_;
    qmp_calls calls_;
    task_group tasks_, life_;
    std::optional<exit_status> status_;
    std::exception_ptr failure_;
    cpu_offer offer_;
    bool complete_ = false;
};

conversation converse_with(const std::string& qemu, const std::string& cpu) {
    asio::io_context context(1);
    cpu_query query(context.get_executor());
    std::exception_ptr failure;
    conversation had;
    asio::co_spawn(context, query.run(qemu, cpu), [&](std::exception_ptr cause, conversation c) {
        failure = cause;
        had = std::move(c);
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return had;
}

/// QEMU's last line without its own name in front.
std::string last_words(std::string_view text) {
    const auto line = last_lines(trim(text), 1);
    const auto name = line.find(": ");
    const bool has_name = name != std::string::npos && line.find(' ') > name;
    return printable(has_name ? line.substr(name + 2) : line);
}

}  // namespace

cpu_answer ask_cpu(const std::string& qemu, const std::string& cpu) {
    return with_context(fmt::format("{} -cpu {}", printable(qemu), printable(cpu)), [&] {
        auto had = converse_with(qemu, cpu);
        const auto& words = had.answer.warnings;
        if (!had.is_complete)
            throw infrastructure_error("QEMU {} before it told what its CPU has{}{}",
                                       had.end.text(), words.empty() ? "" : ":\n",
                                       printable(trim(words)));
        return std::move(had.answer);
    });
}

cpu_opinion ask_whether_cpu(const std::string& qemu, const std::string& cpu) {
    auto had = converse_with(qemu, cpu);
    if (!had.is_complete) return {std::nullopt, last_words(had.answer.warnings)};
    return {std::move(had.answer.offer), {}};
}

}  // namespace qh
