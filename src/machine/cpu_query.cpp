#include "machine/cpu_query.hpp"

#include <signal.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/child.hpp"
#include "process/descriptor_pair.hpp"
#include "qmp/session.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// QEMU answers at once; only a broken one, or a host that is as good as stopped, does not.
constexpr auto longest_conversation = std::chrono::seconds(60);
constexpr std::size_t most_words = 8192;
constexpr const char* hart = "/machine/soc0/harts[0]";

/// What to ask, and what the answers mean: the decisions, without the socket.
class conversation {
  public:
    /// What to send for a message.
    std::string answer_to(const qmp_message& message) {
        using kind = enum qmp_message::kind;
        if (message.kind == kind::greeting) return command("qmp_capabilities", {}, "");
        if (message.kind != kind::reply && message.kind != kind::failure) return {};
        if (!greeted_) {
            greeted_ = true;
            return command("qom-list", {{"path", hart}}, list_);
        }
        const auto question = questions_.extract(message.id);
        if (question.empty()) return {};
        if (question.mapped() == list_) return ask_all(message);
        take(question.mapped(), message.data);
        return questions_.empty() ? finish() : std::string();
    }

    bool is_complete() const { return complete_; }
    cpu_offer offer;

  private:
    std::string command(const std::string& name, const json& arguments,
                        const std::string& question) {
        std::uint64_t id = 0;
        auto line = session_.command(name, arguments, id);
        if (!question.empty()) questions_[id] = question;
        return line;
    }

    std::string ask_all(const qmp_message& list) {
        if (!list.data.is_array())
            throw infrastructure_error("QEMU does not tell what its hart has: {}",
                                       printable(list.text));
        std::string lines;
        for (const auto& property : list.data) {
            const auto name = property.value("name", ""), type = property.value("type", "");
            if (type == "bool" || name == vector_bits_)
                lines += command("qom-get", {{"path", hart}, {"property", name}}, name);
        }
        return lines.empty() ? finish() : lines;
    }

    void take(const std::string& name, const json& value) {
        if (value.is_boolean()) offer.on_extension(name, value.get<bool>());
        if (name == vector_bits_ && value.is_number_unsigned())
            offer.on_vector_bits(value.get<unsigned>());
    }

    std::string finish() {
        complete_ = true;
        return command("quit", {}, "");
    }

    const std::string list_ = "(all)", vector_bits_ = "vlen";
    qmp_session session_;
    std::map<std::uint64_t, std::string> questions_;
    bool greeted_ = false, complete_ = false;
};

class cpu_query {
  public:
    cpu_query(const std::string& qemu, const std::string& cpu)
        : socket_(context_), errors_(context_), watch_(context_) {
        start(qemu, cpu);
    }

    cpu_answer run() {
        spawn(talk());
        spawn(read_errors());
        spawn(wait());
        spawn(keep_time());
        context_.run();
        if (failure_) std::rethrow_exception(failure_);
        if (!conversation_.is_complete())
            throw infrastructure_error("QEMU {} before it told what its CPU has{}{}",
                                       status_.text(), words_.empty() ? "" : ":\n",
                                       printable(trim(words_)));
        return {std::move(conversation_.offer), std::move(words_)};
    }

  private:
    void start(const std::string& qemu, const std::string& cpu) {
        conversation_.offer.on_model(cpu);
        auto qmp = make_socket_pair();
        auto errors = make_pipe();
        const std::vector<std::string> arguments = {
            qemu,
            "-M",
            "virt",
            "-cpu",
            cpu,
            "-m",
            "64M",
            "-S",
            "-bios",
            "none",
            "-nodefaults",
            "-display",
            "none",
            "-monitor",
            "none",
            "-nic",
            "none",
            "-chardev",
            fmt::format("socket,id=qmp,fd={}", qmp.theirs.get()),
            "-mon",
            "chardev=qmp,mode=control"};
        process_.emplace(context_.get_executor(), arguments, std::vector<int>{qmp.theirs.get()},
                         errors.theirs.get());
        socket_.assign(asio::local::stream_protocol(), qmp.ours.release());
        errors_.assign(errors.ours.release());
    }

    void spawn(asio::awaitable<void> work) {
        asio::co_spawn(context_, std::move(work), [this](std::exception_ptr cause) {
            if (!cause) return;
            if (!failure_) failure_ = cause;
            process_->signal(SIGKILL);
        });
    }

    asio::awaitable<void> talk() {
        std::array<char, 1 << 16> buffer;
        qmp_session session;
        for (;;) {
            error_code end;
            const auto got = co_await socket_.async_read_some(
                asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
            if (end) co_return;
            std::vector<qmp_message> messages;
            session.feed({buffer.data(), got}, messages);
            std::string lines;
            for (const auto& message : messages) lines += conversation_.answer_to(message);
            co_await asio::async_write(socket_, asio::buffer(lines),
                                       asio::redirect_error(asio::use_awaitable, end));
        }
    }

    asio::awaitable<void> read_errors() {
        std::array<char, 4096> buffer;
        for (;;) {
            error_code end;
            const auto got = co_await errors_.async_read_some(
                asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
            if (end) co_return;
            if (words_.size() < most_words) words_.append(buffer.data(), got);
        }
    }

    asio::awaitable<void> wait() {
        status_ = co_await process_->wait();
        watch_.cancel();
    }

    asio::awaitable<void> keep_time() {
        watch_.expires_after(longest_conversation);
        error_code cancelled;
        co_await watch_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (cancelled) co_return;
        words_ += "qharness: it did not answer in time\n";
        process_->signal(SIGKILL);
    }

    asio::io_context context_{1};
    asio::local::stream_protocol::socket socket_;
    asio::posix::stream_descriptor errors_;
    asio::steady_timer watch_;
    std::string words_;
    exit_status status_;
    std::exception_ptr failure_;
    conversation conversation_;
    std::optional<child> process_;
};

}  // namespace

cpu_answer ask_cpu(const std::string& qemu, const std::string& cpu) {
    return with_context(fmt::format("{} -cpu {}", printable(qemu), printable(cpu)),
                        [&] { return cpu_query(qemu, cpu).run(); });
}

}  // namespace qh
