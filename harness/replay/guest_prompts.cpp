#include "replay/guest_prompts.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace qh {
namespace {

constexpr std::size_t most_forms = 32;

bool is_any_of(std::string_view word, auto... words) {
    return ((word == words) || ...);
}

/// "#" begins comments, too, those of TAP among others.
bool begins_comments(const shell_prompt& prompt) {
    return prompt.form == "#";
}

bool ends_session(std::string_view command) {
    static const re2::RE2 last(R"((?:\S*/)?(?:poweroff|reboot|halt|shutdown)(?: .*)?)");
    return re2::RE2::FullMatch(re2::StringPiece(command.data(), command.size()), last);
}

}  // namespace

void guest_prompts::on_milestone(std::string_view kind) {
    if (is_any_of(kind, "kernel", "init", "login")) {
        stage_ = stage::kernel;
    } else if (is_any_of(kind, "opensbi", "u-boot", "reset")) {
        stage_ = stage::firmware;
    } else if (kind == "shutdown") {
        // A kernel that goes down before one was seen to start was the one that has prompted.
        if (stage_ == stage::off) hosts_.clear();
        stage_ = stage::off;
    }
}

std::optional<guest_prompts::sighting> guest_prompts::on_line(std::string_view line, bool open) {
    auto prompt = prompt_at_start(line);
    if (!prompt) return std::nullopt;
    bool proven = true;
    switch (prompt->kind) {
        case prompt_kind::loader:
            if (stage_ == stage::kernel) return std::nullopt;
            break;
        case prompt_kind::rescue:
        case prompt_kind::maintenance:
            if (stage_ == stage::off) return std::nullopt;
            break;
        case prompt_kind::shell:
        case prompt_kind::plain: {
            const bool is_plain = prompt->kind == prompt_kind::plain;
            if (stage_ == stage::off && hosts_.size() < most_forms && !begins_comments(*prompt))
                hosts_.insert(prompt->form);
            if (stage_ == stage::off || (is_plain && stage_ == stage::firmware))
                return std::nullopt;
            if (hosts_.contains(prompt->form)) return std::nullopt;
            proven = !is_plain || proves_plain(line, *prompt, open);
            break;
        }
    }
    return sighting{std::move(*prompt), proven};
}

/// A prompt of a form that other text has, too, is one once it has stood alone.
bool guest_prompts::proves_plain(std::string_view line, const shell_prompt& prompt, bool open) {
    const auto command = line.substr(prompt.length);
    const bool alone = command.empty() && line.ends_with(' ');
    const bool proves = begins_comments(prompt) ? (alone && open) || ends_session(command) : alone;
    if (proves && proven_.size() < most_forms) proven_.insert(prompt.form);
    return proven_.contains(prompt.form);
}

}  // namespace qh
