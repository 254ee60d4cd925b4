// Waits with the console engine, the shipped failure patterns watched for besides, for a pattern on
// standard input; prints the seconds that it took, by the clock and of CPU time.
// Usage: expect_reader PATTERN_FILE REGEX
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "console/console_engine.hpp"

namespace {

bool holds_match(qh::console_engine& engine) {
    while (const auto event = engine.next())
        if (std::holds_alternative<qh::expectation::match>(*event)) return true;
    return false;
}

/// Whether the pattern came before the input's end.
bool wait_for_match(qh::console_engine& engine) {
    std::vector<char> buffer(64 << 10);
    for (;;) {
        const auto count = read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count <= 0) break;
        engine.feed({buffer.data(), static_cast<std::size_t>(count)});
        if (holds_match(engine)) return true;
    }
    engine.finish();
    return holds_match(engine);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const auto file = qh::json_document::load(arguments[1]);
    const qh::console_patterns patterns(file);
    qh::console_engine engine(patterns);
    const auto began = std::clock();
    const auto started = std::chrono::steady_clock::now();
    engine.expect({{arguments[2]}});
    if (!wait_for_match(engine)) {
        std::fputs("the input ended without a match\n", stderr);
        return 1;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf("%.6f %.6f\n", took.count(),
                static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
    return 0;
}
