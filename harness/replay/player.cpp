#include "replay/player.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "record/cast.hpp"

namespace qh {
namespace {

constexpr double slowest = 1.0 / 64, fastest = 1024;
/// Of what a jump passes over, about a screen is shown.
constexpr std::size_t screen_bytes = 2000;
constexpr char ctrl_c = 0x03;

}  // namespace

player::player(play_options options)
    : options_(std::move(options)), step_wanted_(options_.step), jumping_(!options_.step.empty()) {}

void player::offer(play_item item, time_point now) {
    if (!shown_) {
        shown_ = item.when;
        shown_at_ = now;
    }
    auto wait = std::chrono::duration<double>(item.when - *shown_);
    if (options_.idle_limit)
        wait = std::min<std::chrono::duration<double>>(wait, *options_.idle_limit);
    wait = std::max(wait, std::chrono::duration<double>(0)) / options_.speed;
    due_ = shown_at_ + std::chrono::duration_cast<time_point::duration>(wait);
    if (!item.step.empty()) {
        ++steps_seen_;
        if (jumping_ && is_wanted(item.step)) {
            jumping_ = false;
            step_wanted_.clear();
            item.bytes.insert(0, std::exchange(passed_over_, {}));
            due_ = now;
        }
    }
    next_ = std::move(item);
}

bool player::is_wanted(const std::string& step) const {
    return step_wanted_.empty() || step == step_wanted_ ||
           std::to_string(steps_seen_) == step_wanted_;
}

std::string player::take(time_point now) {
    if (!next_) return {};
    const bool due = jumping_ || std::exchange(single_, false) || (!paused_ && now >= due_);
    if (!due) return {};
    shown_ = next_->when;
    // Late by a little is made good with the next piece; late by much, as after Ctrl-Z, is not.
    shown_at_ = jumping_ || paused_ || now > due_ + std::chrono::seconds(1) ? now : due_;
    auto bytes = std::move(next_->bytes);
    next_.reset();
    if (!jumping_) return bytes;
    passed_over_ += bytes;
    if (passed_over_.size() > 2 * screen_bytes) {
        passed_over_.erase(0, passed_over_.size() - screen_bytes);
        passed_over_.erase(0, passed_over_.find('\n') + 1);
    }
    return {};
}

std::optional<time_point> player::deadline() const {
    if (!next_ || (paused_ && !single_ && !jumping_)) return std::nullopt;
    return jumping_ || single_ ? shown_at_ : due_;
}

void player::on_key(char key, time_point now) {
    const auto set_speed = [&](double speed) {
        speed = std::clamp(speed, slowest, fastest);
        // What is left of the wait in hand goes by at the new speed.
        if (next_ && due_ > now)
            due_ = now + std::chrono::duration_cast<time_point::duration>((due_ - now) *
                                                                          (options_.speed / speed));
        options_.speed = speed;
    };
    if (key == ' ') {
        paused_ = !paused_;
        if (paused_)
            left_ = std::max(time_point::duration(0), due_ - now);
        else if (next_)
            due_ = now + left_.value_or(time_point::duration(0));
    }
    if (key == '.' && paused_) single_ = true;
    if (key == 'n') jumping_ = true;
    if (key == '+') set_speed(options_.speed * 2);
    if (key == '-') set_speed(options_.speed / 2);
    if (key == 'q' || key == ctrl_c) ended_ = true;
}

std::string harmless_text::feed(std::string_view bytes) {
    auto text = std::exchange(unfinished_, {}) + std::string(bytes);
    unfinished_ = text.substr(text.size() - unfinished_utf8(text));
    text.resize(text.size() - unfinished_.size());
    std::string harmless;
    for (std::string_view rest = text; !rest.empty();) {
        const auto control = std::min(rest.find_first_of("\r\n\b"), rest.size());
        harmless += printable(rest.substr(0, control));
        rest.remove_prefix(control);
        const auto after = std::min(rest.find_first_not_of("\r\n\b"), rest.size());
        harmless += rest.substr(0, after);
        rest.remove_prefix(after);
    }
    return harmless;
}

}  // namespace qh
