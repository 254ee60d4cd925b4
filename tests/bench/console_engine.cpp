// The console engine alone: a text in 64 KiB pieces, again from its beginning until so many bytes
// have passed, with the shipped failure patterns and the step patterns given.
// Usage: console_engine PATTERN_FILE TEXT_FILE MEGABYTES adaptive|re2_alone REGEX…
// Prints the seconds of CPU time, the events told, and the process's peak memory before and after
// in KiB.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "console/console_engine.hpp"

namespace {

constexpr std::size_t piece_bytes = 64 << 10, megabyte = 1'000'000;

/// This process's peak memory. That of getrusage counts the process before exec, too.
long peak_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + std::strlen("VmHWM:"));
    return 0;
}

/// Without a second copy on the way, which the peak would show.
std::string read_text(const std::filesystem::path& path) {
    std::string text(std::filesystem::file_size(path), '\0');
    std::ifstream(path, std::ios::binary).read(text.data(), std::ssize(text));
    return text;
}

/// How many events the engine has; what matched is waited for again.
std::size_t take_events(qh::console_engine& engine,
                        const std::vector<qh::expected_pattern>& awaited) {
    std::size_t count = 0;
    for (; engine.next(); ++count)
        if (!engine.expecting()) engine.expect(awaited);
    return count;
}

std::size_t stream(qh::console_engine& engine, std::string_view text, std::size_t bytes,
                   const std::vector<qh::expected_pattern>& awaited) {
    std::size_t events = 0, at = 0;
    engine.expect(awaited);
    while (bytes > 0) {
        const auto piece = text.substr(at, std::min(piece_bytes, bytes));
        engine.feed(piece);
        events += take_events(engine, awaited);
        bytes -= piece.size();
        at = at + piece.size() == text.size() ? 0 : at + piece.size();
    }
    engine.finish();
    return events + take_events(engine, awaited);
}

qh::line_prefilter::method method_of(std::string_view name) {
    using enum qh::line_prefilter::method;
    return name == "re2_alone" ? re2_alone : name == "adaptive" ? adaptive : words;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 5) return 2;
    const auto file = qh::json_document::load(arguments[1]);
    const auto text = read_text(arguments[2]);
    const auto bytes = std::strtoull(arguments[3], nullptr, 10) * megabyte;
    const auto method = method_of(arguments[4]);
    std::vector<qh::expected_pattern> awaited;
    for (int i = 5; i < count; ++i) awaited.push_back({arguments[i]});

    const auto before_kib = peak_kib();
    const qh::console_patterns patterns(file);
    qh::console_engine engine(patterns, method);
    const auto began = std::clock();
    const auto events = stream(engine, text, bytes, awaited);
    const auto took_s = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    std::printf("%.6f %zu %ld %ld\n", took_s, events, before_kib, peak_kib());
    return 0;
}
