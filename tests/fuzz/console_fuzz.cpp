// What the console engine promises, whatever bytes a guest sends: the same events whole, bytewise
// and split anywhere, with vectorscan and without; harmless text; bounded memory.
#include <fuzzer/FuzzedDataProvider.h>
#include <sanitizer/allocator_interface.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "build_config.hpp"
#include "console/console_engine.hpp"
#include "promise.hpp"

namespace {

using qh::console_engine;
using method = qh::line_prefilter::method;

/// Beyond the text itself and the failures remembered, which are bounded, too.
constexpr std::size_t state_limit_bytes = 4u << 20;

/// Making patterns takes far longer than reading an input.
constexpr std::size_t most_waits = 10;

const qh::console_patterns& shipped_patterns() {
    static const qh::console_patterns patterns(qh::json_document::load(
        std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/lib/failure_patterns.json"));
    return patterns;
}

const std::vector<std::vector<qh::expected_pattern>> step_patterns = {
    {{R"(# $)"}, {R"((?P<passed>\d+) passed, (?P<failed>\d+) failed)"}, {"login: "}},
    {{R"(^(?P<line>.+)$)"}, {"Z-4"}},
    {{R"(a\n(?P<second>.*)\nc)", 3}, {R"((?i)kernel (?P<what>\w+))"}},
    {{R"(\S+\s*$)", 2}, {"=+$"}},
};

void add_harmless(std::string& out, std::string_view text) {
    promise(qh::is_valid_utf8(text), "text is UTF-8");
    promise(std::ranges::none_of(text,
                                 [](unsigned char byte) {
                                     return (byte < 0x20 && byte != '\t' && byte != '\n') ||
                                            byte == 0x7F;
                                 }),
            "text holds no control character");
    out += '|';
    out += text;
}

struct as_text {
    std::string out;
    void operator()(const qh::failure& one) {
        out = "failure";
        for (const auto& text : {one.kind, one.title, one.line}) add_harmless(out, text);
    }
    void operator()(const qh::failure_trace& one) {
        out = one.cut ? "cut trace" : "trace";
        add_harmless(out, one.title);
        for (const auto& line : one.lines) add_harmless(out, line);
    }
    void operator()(const qh::milestone& one) {
        out = "milestone";
        for (const auto& text : {one.kind, one.title}) add_harmless(out, text);
    }
    void operator()(const qh::expectation::match& one) {
        out = "match" + std::to_string(one.pattern) + " to " + std::to_string(one.end);
        add_harmless(out, one.line);
        for (const auto& [name, text] : one.groups) add_harmless(out += name, text);
    }
};

class listener {
  public:
    listener(const std::vector<qh::expected_pattern>& awaited, method method)
        : engine_(shipped_patterns(), method), awaited_(awaited) {
        engine_.expect(awaited_);
    }

    void hear(std::string_view bytes) {
        while (!bytes.empty()) {
            bytes.remove_prefix(engine_.feed(bytes));
            take_events();
        }
    }

    std::vector<std::string> end() {
        engine_.settle(true);
        take_events();
        engine_.finish();
        take_events();
        return std::move(events_);
    }

  private:
    void take_events() {
        while (const auto event = engine_.next()) {
            as_text text;
            std::visit(text, *event);
            events_.push_back(std::move(text.out));
            std::string excerpt;
            for (const auto line : engine_.last_lines(3))
                if (line.data() != engine_.open_line().data()) add_harmless(excerpt, line);
            if (!engine_.expecting() && ++waits_ < most_waits) engine_.expect(awaited_);
        }
    }

    console_engine engine_;
    const std::vector<qh::expected_pattern>& awaited_;
    std::size_t waits_ = 0;
    std::vector<std::string> events_;
};

void expect_same(const std::vector<std::string>& a, const std::vector<std::string>& b,
                 const char* what) {
    const auto differ = std::ranges::mismatch(a, b);
    if (differ.in1 != a.end()) std::fprintf(stderr, "first: %s\n", differ.in1->c_str());
    if (differ.in2 != b.end()) std::fprintf(stderr, "second: %s\n", differ.in2->c_str());
    promise(differ.in1 == a.end() && differ.in2 == b.end(), what);
}

/// What a guest that says `bytes` over and over makes the engine keep.
void keep_bounded(std::string_view bytes) {
    console_engine engine(shipped_patterns());
    const auto before = __sanitizer_get_current_allocated_bytes();
    for (std::size_t heard = 0; heard < (2u << 20); heard += bytes.size()) {
        for (auto rest = bytes; !rest.empty();) {
            rest.remove_prefix(engine.feed(rest));
            while (engine.next()) {
            }
        }
        promise(__sanitizer_get_current_allocated_bytes() < before + state_limit_bytes,
                "memory is bounded");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Taken from the end, so that a log can be a seed as it is.
    FuzzedDataProvider input(data, size);
    const auto& awaited = step_patterns[input.ConsumeIntegralInRange<std::size_t>(0, 3)];
    const bool repeat = input.ConsumeIntegral<std::uint8_t>() == 0;
    const auto splits = input.ConsumeIntegral<std::uint32_t>();
    const auto bytes = input.ConsumeRemainingBytesAsString();

    // The words take long to prepare.
    listener whole(awaited, splits % 4 == 0 ? method::words : method::re2_alone);
    whole.hear(bytes);
    const auto events = whole.end();

    listener bytewise(awaited, method::re2_alone);
    for (const char byte : bytes) bytewise.hear({&byte, 1});
    expect_same(events, bytewise.end(), "bytewise and by RE2 alone the same events");

    listener split(awaited, method::re2_alone);
    std::uint32_t state = splits;
    for (std::string_view rest = bytes; !rest.empty();) {
        state = state * 1664525 + 1013904223;
        const auto piece = rest.substr(0, 1 + (state >> 16) % 97);
        split.hear(piece);
        rest.remove_prefix(piece.size());
    }
    expect_same(events, split.end(), "the same events at any split");

    if (repeat && bytes.size() >= 64) keep_bounded(bytes);
    return 0;
}
