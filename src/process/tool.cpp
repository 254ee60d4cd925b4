#include "process/tool.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cstdio>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "process/die_with_parent.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;
namespace fs = std::filesystem;

constexpr std::size_t most_output_bytes = 16u << 20;
constexpr std::size_t most_error_bytes = 64u << 10;
constexpr std::size_t shown_lines = 12;
constexpr auto look_every = std::chrono::milliseconds(50);
constexpr auto grace = std::chrono::seconds(2);

/// The child's environment. Boost 1.83's process_environment is not header-only: its on_setup is
/// missing when linking.
struct given_environment {
    std::vector<const char*> entries;

    explicit given_environment(const std::vector<std::string>& list) {
        for (const auto& entry : list) entries.push_back(entry.c_str());
        entries.push_back(nullptr);
    }

    boost::system::error_code on_setup(process::posix::default_launcher& launcher, const fs::path&,
                                       const char* const*) {
        launcher.env = entries.data();
        return {};
    }
};

std::vector<std::string> environment_of(const tool_command& command) {
    std::map<std::string, std::string> merged;
    for (char** entry = ::environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            merged.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    merged.insert_or_assign("LC_ALL", "C");
    for (const auto& [name, value] : command.environment) merged.insert_or_assign(name, value);
    std::vector<std::string> list;
    for (const auto& [name, value] : merged) list.push_back(name + '=' + value);
    return list;
}

/// One run: pumps both pipes and watches the deadline and the stop flag.
class tool_run {
  public:
    tool_run(const tool_command& command, const fs::path& program)
        : command_(command), process_(start(program)) {}

    std::string finish() {
        pump_output();
        pump_errors();
        process_.async_wait([this](boost::system::error_code, int) {
            exited_ = true;
            watch_.cancel();
        });
        watch();
        context_.run();
        report_last_line();
        check();
        return std::move(output_);
    }

  private:
    process::process start(const fs::path& program) {
        // A child whose exec fails leaves through exit(), which would print our buffers again.
        std::fflush(nullptr);
        const std::vector<std::string> arguments(command_.argv.begin() + 1, command_.argv.end());
        const fs::path directory =
            command_.working_directory.empty() ? fs::path(".") : command_.working_directory;
        const fs::path input = command_.input.empty() ? fs::path("/dev/null") : command_.input;
        const auto environment = environment_of(command_);
        try {
            return process::process(context_, program, arguments, given_environment(environment),
                                    process::process_start_dir(directory), die_with_parent{},
                                    process::process_stdio{input, output_pipe_, error_pipe_});
        } catch (const boost::system::system_error& e) {
            throw infrastructure_error("cannot start {}: {}", shell_quote(command_.argv),
                                       e.code().message());
        }
    }

    void pump_output() {
        output_pipe_.async_read_some(asio::buffer(output_chunk_),
                                     [this](boost::system::error_code failed, std::size_t got) {
                                         if (failed) return;
                                         output_.append(output_chunk_.data(), got);
                                         if (output_.size() > most_output_bytes) {
                                             too_much_ = true;
                                             end(SIGKILL);
                                             return;
                                         }
                                         report_lines();
                                         pump_output();
                                     });
    }

    void pump_errors() {
        error_pipe_.async_read_some(asio::buffer(error_chunk_),
                                    [this](boost::system::error_code failed, std::size_t got) {
                                        if (failed) return;
                                        errors_.append(error_chunk_.data(), got);
                                        if (errors_.size() > 2 * most_error_bytes)
                                            errors_.erase(0, errors_.size() - most_error_bytes);
                                        pump_errors();
                                    });
    }

    void report_lines() {
        if (!command_.on_line) return;
        for (auto end = output_.find('\n', reported_); end != std::string::npos;
             end = output_.find('\n', reported_)) {
            command_.on_line(std::string_view(output_).substr(reported_, end - reported_));
            reported_ = end + 1;
        }
    }

    void report_last_line() {
        if (command_.on_line && reported_ < output_.size())
            command_.on_line(std::string_view(output_).substr(reported_));
    }

    /// Looks at the stop flag and the clock until the program has ended.
    void watch() {
        if (exited_) return;
        const auto now = std::chrono::steady_clock::now();
        if (!asked_to_end_) {
            stopped_ = command_.stop && command_.stop->load();
            timed_out_ = !stopped_ && now - started_ > command_.timeout;
            if (stopped_ || timed_out_) {
                asked_to_end_ = now;
                end(SIGTERM);
            }
        } else if (now - *asked_to_end_ > grace) {
            end(SIGKILL);
        }
        watch_.expires_after(look_every);
        watch_.async_wait([this](boost::system::error_code) { watch(); });
    }

    void end(int signal) {
        if (!exited_) ::kill(process_.id(), signal);
    }

    void check() const {
        const int status = process_.native_exit_code();
        const bool interrupted = WIFSIGNALED(status) && WTERMSIG(status) == SIGINT;
        if (stopped_ || interrupted)
            throw error(fault::interrupted, "interrupted while running " + command_.argv.front());
        if (too_much_) throw failure("printed more than 16 MiB");
        if (timed_out_)
            throw failure(fmt::format("did not end within {}", format_duration(command_.timeout)));
        if (WIFSIGNALED(status))
            throw failure(fmt::format("was killed by signal {}", WTERMSIG(status)));
        if (status != 0) {
            const auto how = fmt::format("ended with status {}", WEXITSTATUS(status));
            throw tool_failure(failure(how).what(), last_words());
        }
    }

    std::string last_words() const {
        const std::string& said = trim(errors_).empty() ? output_ : errors_;
        return printable(last_lines(said, shown_lines));
    }

    error failure(const std::string& how) const {
        return infrastructure_error("{} {}:\n{}", shell_quote(command_.argv), how, last_words());
    }

    const tool_command& command_;
    asio::io_context context_;
    asio::readable_pipe output_pipe_{context_};
    asio::readable_pipe error_pipe_{context_};
    asio::steady_timer watch_{context_};
    process::process process_;
    std::array<char, 1 << 14> output_chunk_;
    std::array<char, 1 << 12> error_chunk_;
    std::string output_;
    std::string errors_;
    std::size_t reported_ = 0;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    std::optional<std::chrono::steady_clock::time_point> asked_to_end_;
    bool exited_ = false;
    bool stopped_ = false;
    bool timed_out_ = false;
    bool too_much_ = false;
};

}  // namespace

std::string run_tool(const tool_command& command) {
    const auto& name = command.argv.front();
    return tool_run(command, command.package.empty() ? require_tool(name)
                                                     : require_tool(name, command.package))
        .finish();
}

}  // namespace qh
