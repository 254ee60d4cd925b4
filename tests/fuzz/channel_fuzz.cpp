// What the command channel promises, whatever bytes a guest sends: the same result and kernel lines
// however they were cut, and bounded memory.
#include <fuzzer/FuzzedDataProvider.h>
#include <sanitizer/allocator_interface.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promise.hpp"
#include "run/guest/command_channel.hpp"

namespace {

/// Short, so that the fuzzer can say it in the guest's place.
const std::string word = "abcdefghijkl";
constexpr std::size_t state_limit_bytes = 4u << 20;

struct told {
    std::optional<qh::channel_result> result;
    std::vector<std::string> kernel_lines;
};

class guest {
  public:
    guest(qh::line_use use, bool output_processing) : channel_([] { return word; }, use) {
        const std::string_view answers =
            output_processing ? "\r\n@@abcdefghijkl:O7\r\n" : "\n@@abcdefghijkl:O7\n";
        channel_.open({});
        channel_.feed(answers, {});
        // A terminal that goes on processing output is asked a second time.
        if (channel_.current() == qh::command_channel::state::opening) channel_.feed(answers, {});
        promise(channel_.current() == qh::command_channel::state::idle, "an answer opens it");
        channel_.execute({"true"}, {});
    }

    void say(std::string_view bytes) {
        channel_.feed(bytes, {});
        for (auto& line : channel_.take_kernel_lines()) told_.kernel_lines.push_back(line);
        if (auto result = channel_.take_result(); result && !told_.result)
            told_.result = std::move(result);
    }

    const told& heard() const { return told_; }

  private:
    qh::command_channel channel_;
    told told_;
};

void expect_same(const told& a, const told& b) {
    promise(a.kernel_lines == b.kernel_lines, "the same kernel lines");
    promise(a.result.has_value() == b.result.has_value(), "a result or none");
    if (!a.result) return;
    promise(a.result->problem == b.result->problem, "the same problem");
    promise(a.result->status == b.result->status, "the same status");
    promise(a.result->output == b.result->output, "the same output");
    promise(a.result->dropped_bytes == b.result->dropped_bytes, "the same bytes dropped");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Taken from the end, so that a log can be a seed as it is.
    FuzzedDataProvider input(data, size);
    const auto use = input.ConsumeBool() ? qh::line_use::own : qh::line_use::shared;
    const bool output_processing = input.ConsumeBool();
    const bool repeat = input.ConsumeIntegral<std::uint8_t>() == 0;
    auto state = input.ConsumeIntegral<std::uint32_t>();
    const std::string begin = "\n@@" + word + (output_processing ? ":B\r\n" : ":B\n");
    const auto bytes = begin + input.ConsumeRemainingBytesAsString();

    guest whole(use, output_processing), bytewise(use, output_processing),
        split(use, output_processing);
    whole.say(bytes);
    for (const char byte : bytes) bytewise.say({&byte, 1});
    for (std::string_view rest = bytes; !rest.empty();) {
        state = state * 1664525 + 1013904223;
        const auto piece = rest.substr(0, 1 + (state >> 16) % 97);
        split.say(piece);
        rest.remove_prefix(piece.size());
    }
    expect_same(whole.heard(), bytewise.heard());
    expect_same(whole.heard(), split.heard());

    if (!repeat || bytes.size() < 64) return 0;
    qh::command_channel channel([] { return word; }, use);
    channel.open({});
    const auto before = __sanitizer_get_current_allocated_bytes();
    for (std::size_t heard = 0; heard < (8u << 20); heard += bytes.size()) {
        channel.feed(bytes, {});
        channel.take_kernel_lines();
        if (channel.take_result()) channel.execute({"true"}, {});
        promise(__sanitizer_get_current_allocated_bytes() < before + state_limit_bytes,
                "memory is bounded");
    }
    return 0;
}
