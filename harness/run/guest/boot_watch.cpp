#include "run/guest/boot_watch.hpp"

#include "base/enum_names.hpp"
#include "base/text.hpp"
#include "console/shell_prompt.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// A prompt rests. One that only passed by is typed at for nothing: the channel opens again.
constexpr auto brief_rest = 30ms;
/// A login may answer itself.
constexpr auto login_rest = 100ms;
constexpr auto silence_before_nudge = 3s;
constexpr std::size_t longest_line = 1024;
constexpr std::string_view question = "login: ";

/// Whether what asks there is no shell of the guest's, and an Enter would only make things worse.
bool asks_for_rescue(std::string_view line) {
    const auto prompt = prompt_at_start(line);
    return prompt && (prompt->kind == prompt_kind::rescue || prompt->kind == prompt_kind::loader ||
                      prompt->kind == prompt_kind::maintenance);
}

/// Whether a login asks in the line, though others may have written behind its question.
bool has_login(std::string_view line) {
    const auto at = line.find(question);
    if (at == std::string_view::npos) return asks_for_login(line);
    return asks_for_login(line.substr(0, at + question.size())) &&
           line.find("(automatic login)") == std::string_view::npos;
}

bool asks_for_password(std::string_view line) {
    const auto text = trim(line);
    return text.ends_with("assword:");
}

}  // namespace

void boot_watch::on_milestone(std::string_view kind) {
    for (const auto state : {boot_state::kernel, boot_state::init})
        if (kind == name_of(state)) reach(state);
}

void boot_watch::on_console(std::string_view bytes, std::string_view open_line, time_point now) {
    for (const char byte : bytes) {
        if (byte == '\n') {
            if (has_login(line_)) reach(boot_state::login);
            line_.clear();
            new_line_ = true;
        } else if (byte != '\r' && line_.size() < longest_line) {
            line_ += byte;
        }
    }
    on_open_line(open_line, now);
}

void boot_watch::on_open_line(std::string_view line, time_point now) {
    open_line_ = line.substr(0, longest_line);
    prompt_deadline_.reset();
    login_deadline_.reset();
    if (asks_for_rescue(line)) return nudge_deadline_.reset();
    if (!lets_login_rest_ && asks_for_login(line)) reach(boot_state::login);
    if (has_login(line)) login_deadline_ = now + login_rest;
    if (nudged_ && new_line_) answer_ = open_line_;
    if (const auto rest = prompt_rest(line)) prompt_deadline_ = now + *rest;
    if (reached_ && *reached_ >= boot_state::init) nudge_deadline_ = now + silence_before_nudge;
}

std::optional<Duration> boot_watch::prompt_rest(std::string_view line) const {
    if (has_login(line) || asks_for_password(line)) return std::nullopt;
    const bool came_back = nudged_ && new_line_ && !trim(line).empty() && line == before_enter_;
    if (!came_back && !is_prompt_alone(line)) return std::nullopt;
    return brief_rest;
}

void boot_watch::tick(time_point now) {
    if (!login_deadline_ || now < *login_deadline_) return;
    login_deadline_.reset();
    reach(boot_state::login);
}

void boot_watch::on_nudged(time_point now) {
    nudge_deadline_ = now + 2 * silence_before_nudge;
    before_enter_ = open_line_;
    answer_.clear();
    nudged_ = true;
    new_line_ = false;
}

void boot_watch::reach(boot_state state) {
    if (!reached_ || *reached_ < state) reached_ = state;
}

}  // namespace qh
