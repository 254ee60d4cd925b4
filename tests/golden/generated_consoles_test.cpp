// Consoles made from the golden ones, as wires and second writers would spoil them: the failures
// that are told must stay the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/text.hpp"
#include "console/console_engine.hpp"
#include "golden_console.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

constexpr int variants = 10'000;
constexpr std::size_t lines_around = 12, longest_excerpt = 120;

const console_patterns& shipped() {
    static const console_patterns patterns(json_document::load(FAILURE_PATTERNS));
    return patterns;
}

/// "kind: title" of each failure that `pieces` tell of.
std::vector<std::string> failures_in(const std::vector<std::string>& pieces) {
    failure_watch watch(shipped());
    transcript text;
    std::vector<watch_event> events;
    transcript::position watched = 0;
    const auto watch_lines = [&] {
        for (; watched < text.complete();) {
            const auto rest = text.lines(watched, text.complete());
            const auto line = rest.substr(0, rest.find('\n'));
            watch.on_line(line, events);
            watched += line.size() + 1;
        }
    };
    for (const auto& piece : pieces) {
        text.feed(piece);
        watch_lines();
    }
    text.feed("\n");
    watch_lines();
    watch.finish(events);
    std::vector<std::string> found;
    for (const auto& event : events)
        if (const auto* one = std::get_if<failure>(&event))
            found.push_back(one->kind + ": " + one->title);
    return found;
}

struct excerpt {
    std::vector<std::string> lines;
    std::vector<std::string> failures;
};

bool is_stamped(std::string_view line) {
    return line.starts_with('[') && messages_in(line).front().stamp_us;
}

/// The kernel's first line, and what it says around each failure.
std::optional<excerpt> excerpt_of(const std::string& name) {
    const auto& stated = golden::case_of(name).at("failures");
    if (stated.empty()) return std::nullopt;
    const auto log = golden::read_log(name);
    transcript text(1 << 20);
    text.feed(log);
    const std::string all(text.lines(0, text.complete()));
    excerpt found;
    std::vector<std::string> kernels;
    for (const auto line : split_lines(all))
        if (is_stamped(line)) kernels.emplace_back(line);
    // Without its first line nobody knows that the kernel marks its lines.
    if (kernels.empty() || kernels.front().find("Linux version") == std::string::npos)
        return std::nullopt;
    std::set<std::size_t> kept = {0};
    for (std::size_t i = 0; i < kernels.size(); ++i)
        if (!failures_in({kernels[i] + "\n"}).empty())
            for (std::size_t near = i; near < std::min(i + lines_around, kernels.size()); ++near)
                kept.insert(near);
    for (const auto i : kept)
        if (found.lines.size() < longest_excerpt) found.lines.push_back(kernels[i]);
    std::string whole;
    for (const auto& line : found.lines) whole += line + "\n";
    found.failures = failures_in({whole});
    if (found.failures.empty()) return std::nullopt;
    return found;
}

class generator {
  public:
    explicit generator(std::uint32_t seed) : random_(seed) {}

    /// The lines as one of the ways in which they reach a console, cut into pieces.
    std::vector<std::string> spoil(const excerpt& of) {
        static const char* const prefixes[] = {"",     "  ",   "\t",    "<4>",  "<30>",
                                               "    ", "\t\t", "<0>  ", "~ # ", "board login: "};
        static const char* const endings[] = {"\n", "\r\n"};
        const std::string prefix = prefixes[below(std::size(prefixes))];
        const std::string ending = endings[below(std::size(endings))];
        std::string bytes;
        bool newline_lost = true;  // at the beginning there is none
        for (const auto& line : of.lines) {
            if (!newline_lost && below(4) == 0) bytes += second_writer() + ending;
            if (!newline_lost && below(8) == 0) bytes += half_a_line();
            if (!newline_lost || bytes.empty()) bytes += prefix;
            bytes += line;
            newline_lost = below(10) == 0;
            if (!newline_lost) bytes += ending;
        }
        std::vector<std::string> pieces;
        for (std::size_t at = 0; at < bytes.size();) {
            const auto size = 1 + below(300);
            pieces.push_back(bytes.substr(at, size));
            at += size;
        }
        return pieces;
    }

  private:
    std::size_t below(std::size_t limit) { return random_() % limit; }

    const char* second_writer() {
        static const char* const lines[] = {"Kernel panic - not syncing: said by a test",
                                            "ok 1 - a test",
                                            "",
                                            "BUG: in a program",
                                            "Welcome to a program!",
                                            "\x1b[1;31mred\x1b[0m",
                                            "epc : not+0x1/0x2",
                                            "OK   started"};
        return lines[below(std::size(lines))];
    }

    const char* half_a_line() {
        static const char* const texts[] = {
            "board login: ", "root@board:~# ", "downloading 12%", "Password: ", "=> ", "half a li"};
        return texts[below(std::size(texts))];
    }

    std::mt19937 random_;
};

TEST(generated_consoles, tell_the_failures_of_what_they_were_made_from) {
    std::vector<excerpt> excerpts;
    for (const auto& name : golden::log_names())
        if (auto one = excerpt_of(name)) excerpts.push_back(std::move(*one));
    ASSERT_GT(excerpts.size(), 30U);
    for (int i = 0; i < variants; ++i) {
        const auto& of = excerpts[static_cast<std::size_t>(i) % excerpts.size()];
        const auto pieces = generator(static_cast<std::uint32_t>(i)).spoil(of);
        std::string bytes;
        for (const auto& piece : pieces) bytes += piece;
        ASSERT_EQ(failures_in(pieces), of.failures) << "variant " << i << ":\n" << printable(bytes);
    }
}

}  // namespace
}  // namespace qh
