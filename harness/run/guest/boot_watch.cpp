#include "run/guest/boot_watch.hpp"

#include <re2/re2.h>

#include "base/enum_names.hpp"
#include "console/shell_prompt.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// A prompt rests. One that only passed by is typed at for nothing: the channel opens again.
constexpr auto prompt_rest = 30ms;
constexpr auto silence_before_nudge = 3s;

bool matches(std::string_view text, const re2::RE2& pattern) {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

/// Whether what asks there is no shell of the guest's, and an Enter would only make things worse.
bool asks_for_rescue(std::string_view line) {
    const auto prompt = prompt_at_start(line);
    return prompt && (prompt->kind == prompt_kind::rescue || prompt->kind == prompt_kind::loader ||
                      prompt->kind == prompt_kind::maintenance);
}

}  // namespace

void boot_watch::on_milestone(std::string_view kind) {
    for (const auto state : {boot_state::kernel, boot_state::init})
        if (kind == name_of(state)) reach(state);
}

void boot_watch::on_open_line(std::string_view line, time_point now) {
    static const re2::RE2 prompt(R"([#$%] ?$)");
    prompt_deadline_.reset();
    if (asks_for_rescue(line)) return nudge_deadline_.reset();
    if (asks_for_login(line)) reach(boot_state::login);
    if (matches(line, prompt)) prompt_deadline_ = now + prompt_rest;
    if (reached_ && *reached_ >= boot_state::init) nudge_deadline_ = now + silence_before_nudge;
}

void boot_watch::on_nudged(time_point now) {
    nudge_deadline_ = now + 2 * silence_before_nudge;
}

void boot_watch::reach(boot_state state) {
    if (!reached_ || *reached_ < state) reached_ = state;
}

}  // namespace qh
