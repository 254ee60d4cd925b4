#include "replay/what_if.hpp"

#include "base/text.hpp"
#include "record/secret_mask.hpp"
#include "replay/console_watch.hpp"
#include "replay/engine_feed.hpp"
#include "replay/exact_replay.hpp"
#include "replay/recorded_machine.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// The recorded ticks come that much behind their deadlines at most, unless the host was very busy.
constexpr auto tick_delay = 100ms;

/// What was typed on one line, then and now.
struct typing {
    const std::string& recorded;
    std::string now;
    std::size_t recorded_so_far = 0;

    bool same() const { return recorded.starts_with(now); }
    bool recording_went_on() const { return recorded_so_far > now.size(); }
};

std::string in_quotes(std::string_view bytes) {
    constexpr std::size_t shown = 80;
    return '"' + printable(bytes.substr(0, shown)) + (bytes.size() > shown ? "…\"" : "\"");
}

class what_if final : private recorded_machine {
  public:
    what_if(const recording& recorded, const scenario& what, const recorder& heard)
        : recorded_(recorded),
          scenario_(what),
          heard_(heard),
          mask_(what.secrets),
          console_{recorded.typed_console, {}},
          channel_{recorded.typed_channel, {}},
          watch_(what),
          engine_(what, recorded_options(recorded), *this,
                  [this](const event& told) { on_told(told); }),
          feed_(engine_, recorded.journal_format()) {}

    what_if_outcome run() {
        journal_reader reader(recorded_.journal());
        while (auto entry = reader.next()) {
            restore_bytes(recorded_, *entry);
            result_.seconds = journal_seconds(entry->told.when);
            if (!beyond_ && recorded_.whole_until && entry->line >= *recorded_.whole_until)
                leave("the recording lacks what came here");
            if (beyond_)
                watch(entry->told.what);
            else
                take(entry->told);
            if (judged_) break;
        }
        if (!judged_ && !beyond_) leave("the recording ends here");
        result_.missed = watch_.missed();
        if (beyond_ && result_.missed.empty()) tell_what_came();
        return result_;
    }

  private:
    void on_told(const event& told) {
        heard_(told);
        watch_.on_told(told);
        now_ = told.when;
        if (const auto* step = std::get_if<events::step_started>(&told.what)) index_ = step->index;
        if (const auto* step = std::get_if<events::step_finished>(&told.what))
            on_step_finished(*step);
        if (const auto* judged = std::get_if<events::verdict>(&told.what)) {
            judged_ = true;
            result_.outcome = judged->outcome;
        }
    }

    void watch(const event_data& what) {
        const auto* console = std::get_if<events::console_out>(&what);
        watch_.feed(console ? std::string_view(console->bytes) : "", result_.seconds);
    }

    void take(const event& recorded) {
        using namespace events;
        const auto& what = recorded.what;
        if (const auto* step = std::get_if<step_started>(&what)) recorded_name_ = step->name;
        if (is_one_of<told_by_engine>(what)) return;
        if (std::holds_alternative<stopping>(what)) recording_stopped_ = true;
        if (feed_.is_told_to_engine(what) && stopped_ && !recording_stopped_ && !gone_)
            return engine_.on_machine_ended({}, now_);
        if (std::holds_alternative<machine_ended>(what) && recording_stopped_ && !stopped_)
            return leave("the recorded run was at its end here");
        if (std::holds_alternative<attaching>(what)) return leave("a person took the console here");
        catch_up(recorded);
        if (judged_ || beyond_) return;
        tell(recorded);
        if (const auto* typed = std::get_if<console_in>(&what)) on_typed(typed->bytes, console_);
        if (const auto* typed = std::get_if<channel_in>(&what)) on_typed(typed->bytes, channel_);
    }

    /// The deadlines that this scenario has and the recorded one had not.
    void catch_up(const event& recorded) {
        while (!stopped_ && feed_.is_told_to_engine(recorded.what)) {
            const auto due = started_ ? engine_.deadline() : std::nullopt;
            if (!due || *due + tick_delay >= recorded.when) return;
            engine_.tick(*due);
            check_typing();
            if (beyond_ || engine_.deadline() == due) return;
        }
    }

    void tell(const event& recorded) {
        if (std::holds_alternative<events::connected>(recorded.what)) started_ = true;
        if (const auto* cpu = std::get_if<events::cpu>(&recorded.what))
            gone_ = cpu->usage.state == process_state::gone;
        if (std::holds_alternative<events::console_out>(recorded.what)) watch(recorded.what);
        heard_(recorded);
        feed_.tell(recorded);
        check_typing();
    }

    void check_typing() {
        for (const auto* line : {&console_, &channel_})
            // What an ended step's command is told to stop with needs no answer.
            if (!beyond_ && !stopped_ && !line->same())
                leave(fmt::format("it types {}, which the recorded run never did",
                                  in_quotes(typed_by_step(*line))));
    }

    /// What a person would call it: a command without what the harness wraps it in.
    std::string_view typed_by_step(const typing& line) const {
        const auto& step = scenario_.steps[index_];
        if (step.kind().is_code) return texts_of(step.action).front();
        const auto [differs, ignored] = std::ranges::mismatch(line.now, line.recorded);
        return std::string_view(line.now).substr(
            static_cast<std::size_t>(differs - line.now.begin()));
    }

    void on_typed(const std::string& bytes, typing& line) {
        if (stopped_ || beyond_) return;
        line.recorded_so_far += bytes.size();
        if (!line.recording_went_on()) return;
        leave(
            recorded_name_ == scenario_.steps[index_].name
                ? fmt::format("it still waits here, where the recorded run typed {}",
                              in_quotes(bytes))
                : fmt::format("it still waits here, where the recorded run went on to step \"{}\"",
                              recorded_name_));
    }

    /// The recording answers nothing more.
    void leave(const std::string& why) {
        beyond_ = true;
        if (!result_.diverged)
            result_.diverged =
                divergence{index_, scenario_.steps[index_].name, result_.seconds, why};
        else
            result_.diverged->why += "; then " + why;
    }

    void on_step_finished(const events::step_finished& told) {
        const auto before = std::ranges::find(recorded_.steps, told.name, &recorded_step::name);
        const bool known = before != recorded_.steps.end();
        const bool as_before = known ? before->outcome == told.outcome : told.good();
        if (result_.diverged || told.outcome == step_outcome::not_run || as_before) return;
        const auto outcome = known ? std::string(name_of(before->outcome)) : "not there";
        result_.diverged =
            divergence{told.index, told.name, result_.seconds,
                       fmt::format("{} now, {} in the recording", name_of(told.outcome),
                                   !known || before->reason.empty()
                                       ? outcome
                                       : fmt::format("{} ({})", outcome, before->reason))};
    }

    /// What the step that was left waited for, in all that the recording has.
    void tell_what_came() {
        if (const auto came = watch_.came())
            result_.diverged->why += fmt::format("; what it waits for came later, at {:.3f} s: {}",
                                                 came->seconds, in_quotes(came->line));
        else
            result_.missed = watch_.awaited();
    }

    /// A secret may be typed in pieces.
    template <typename Stream>
    std::string as_recorded(std::string_view bytes) {
        const auto masked = mask_.mask({now_, Stream{{std::string(bytes)}}});
        return std::get<Stream>(masked.what).bytes;
    }

    void send_console(std::string_view bytes) override {
        console_.now += as_recorded<events::console_in>(bytes);
    }
    void send_channel(std::string_view bytes) override {
        channel_.now += as_recorded<events::channel_in>(bytes);
    }
    void stop() override { stopped_ = true; }

    const recording& recorded_;
    const scenario& scenario_;
    const recorder& heard_;
    secret_mask mask_;
    typing console_, channel_;
    console_watch watch_;
    engine engine_;
    engine_feed feed_;
    std::size_t index_ = 0;
    std::string recorded_name_;  ///< of the step that the recorded run was in
    time_point now_{};
    bool started_ = false, stopped_ = false, recording_stopped_ = false;
    bool gone_ = false;  ///< QEMU, as of the last sample
    bool judged_ = false, beyond_ = false;
    what_if_outcome result_;
};

}  // namespace

what_if_outcome replay_edited(const recording& recorded, const scenario& what,
                              const recorder& heard) {
    return what_if(recorded, what, heard).run();
}

}  // namespace qh
