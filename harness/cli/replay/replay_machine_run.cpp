#include "cli/replay/replay_machine_run.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/terminal/gdb_command.hpp"
#include "replay/machine_replay.hpp"

namespace qh {
namespace {

void print_stopped(const std::filesystem::path& socket, const std::string& step,
                   std::uint64_t instructions) {
    fmt::print(
        "stopped where step \"{}\" began, at instruction {}\n"
        "  gdb:     {}\n"
        "  Ctrl-C ends QEMU\n",
        printable(step), instructions, gdb_command(socket));
    std::fflush(stdout);
}

int tell(const machine_replay_outcome& outcome, const recording& recorded) {
    if (const auto& differs = outcome.difference) {
        fmt::print("differs: the console, from byte {}\n  recorded: {}\n  now:      {}\n",
                   differs->at_byte, printable(differs->recorded.substr(0, 200)),
                   printable(differs->got.substr(0, 200)));
        return 1;
    }
    fmt::print("identical: {} bytes of console{}\n  record:  {}\n", outcome.console_bytes,
               outcome.stopped_at ? " up to there" : "", recorded.folder.string());
    return 0;
}

}  // namespace

int replay_on_machine(const std::filesystem::path& folder, const replay_options& options) try {
    const auto recorded = read_recording(folder);
    machine_replay_options how;
    // A run's folder may have too long a path for a socket.
    const temporary_directory folder_of_socket(std::filesystem::temp_directory_path(), "qharness");
    how.gdb_socket = folder_of_socket.path() / "gdb";
    if (!options.until.empty()) how.stop_at = position_of_step(recorded, options.until);
    how.stopped = [&] { print_stopped(how.gdb_socket, options.until, *how.stop_at); };
    how.progress = [&](std::uint64_t instructions, double seconds) {
        if (::isatty(STDERR_FILENO) == 1)
            fmt::print(stderr, "\r\x1b[K  ....  {:.0f} s, {} million instructions", seconds,
                       instructions / 1'000'000);
    };
    const auto outcome = replay_machine(recorded, how);
    if (::isatty(STDERR_FILENO) == 1) fmt::print(stderr, "\r\x1b[K");
    return tell(outcome, recorded);
} catch (const json::exception& e) {
    throw usage_error("{} is no record of a run: {}", folder.string(), e.what());
}

}  // namespace qh
