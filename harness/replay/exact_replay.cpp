#include "replay/exact_replay.hpp"

#include <deque>

#include "replay/console_watch.hpp"
#include "replay/engine_feed.hpp"
#include "replay/recorded_machine.hpp"
#include "run/events/event_json.hpp"
#include "run/live/random_words.hpp"

namespace qh {
namespace {

/// As the journal would have it, so that two compare.
json line_of(const event& one) {
    auto line = parse_json(dump(to_json(one.what)));
    line["t"] = journal_seconds(one.when);
    return line;
}

class replay final : private recorded_machine {
  public:
    replay(const recording& recorded, const scenario& what, const recorder& heard,
           const std::string& until)
        : recorded_(recorded),
          until_(until),
          heard_(heard),
          watch_(what),
          engine_(what, recorded_options(recorded), *this,
                  [this](const event& told) { told_.push_back(told); }),
          feed_(engine_, recorded.journal_format()) {}

    replay_outcome run() {
        journal_reader reader(recorded_.journal());
        while (auto entry = reader.next()) {
            restore_bytes(recorded_, *entry);
            if (comparing_ && recorded_.whole_until && entry->line >= *recorded_.whole_until)
                stop_comparing(*recorded_.whole_until);
            take(*entry);
            if (result_.difference || (result_.stopped && told_.empty())) break;
            last_line_ = entry->line;
        }
        if (!result_.difference && recorded_.finished && !result_.stopped)
            expect_nothing_more(last_line_);
        for (const auto& told : told_) hear(told);
        result_.missed = watch_.missed();
        return result_;
    }

  private:
    void hear(const event& told) {
        hear_recorded(told);
        watch_.on_told(told);
    }

    void hear_recorded(const event& told) {
        // What the same input brought behind the stop is compared and no more.
        if (!result_.stopped) heard_(told);
        const auto* step = std::get_if<events::step_finished>(&told.what);
        if (step && !result_.stopped) stop_behind(*step);
        if (const auto* judged = std::get_if<events::verdict>(&told.what))
            result_.outcome = judged->outcome;
    }

    void stop_behind(const events::step_finished& step) {
        if (until_.empty() || (step.name != until_ && std::to_string(step.index + 1) != until_))
            return;
        result_.stopped = {step.name, step.outcome, watch_.recent(excerpt_lines)};
    }

    void take(const journal_entry& entry) {
        const auto& what = entry.told.what;
        result_.seconds = journal_seconds(entry.told.when);
        if (is_one_of<events::told_by_engine>(what)) return compare(entry);
        if (feed_.is_told_to_engine(what)) expect_nothing_more(entry.line);
        if (result_.difference) return;
        if (std::holds_alternative<events::machine_lost>(what)) lost_ = true;
        if (const auto* console = std::get_if<events::console_out>(&what))
            watch_.feed(console->bytes, result_.seconds);
        heard_(entry.told);
        if (!comparing_) return;
        feed_.tell(entry.told);
        if (recorded_.masked() || feed_.attached()) return;
        if (const auto* typed = std::get_if<events::console_in>(&what))
            compare_typing(entry.line, *typed, typed_console_);
        if (const auto* typed = std::get_if<events::channel_in>(&what))
            compare_typing(entry.line, *typed, typed_channel_);
    }

    void compare(const journal_entry& entry) {
        // Where the machine was lost, that is the session's verdict.
        const bool of_session =
            std::holds_alternative<events::verdict>(entry.told.what) && told_.empty() && lost_;
        if (!comparing_ || of_session) return hear_recorded(entry.told);
        auto expected = line_of(entry.told);
        if (told_.empty()) return differ(entry.line, std::move(expected), {});
        auto got = line_of(told_.front());
        if (expected != got) return differ(entry.line, std::move(expected), std::move(got));
        hear(told_.front());
        told_.pop_front();
        ++result_.events;
    }

    template <typename Stream>
    void compare_typing(std::size_t line, const Stream& recorded, std::string& typed) {
        if (!typed.starts_with(recorded.bytes))
            return differ(line, {{"type", Stream::type}, {"text", recorded.bytes}},
                          {{"type", Stream::type}, {"text", typed}});
        typed.erase(0, recorded.bytes.size());
    }

    /// What was told between two inputs must stand between them in the journal too.
    void expect_nothing_more(std::size_t line) {
        if (!told_.empty()) differ(line, {}, line_of(told_.front()));
    }

    void differ(std::size_t line, json expected, json got) {
        result_.difference = {line, result_.seconds, std::move(expected), std::move(got)};
    }

    /// From here on the engine lacks what it was told then, and only the recording knows.
    void stop_comparing(std::size_t line) {
        comparing_ = false;
        told_.clear();
        result_.compared_until = line;
    }

    void send_console(std::string_view bytes) override { typed_console_ += bytes; }
    void send_channel(std::string_view bytes) override { typed_channel_ += bytes; }
    void stop() override {}

    const recording& recorded_;
    const std::string until_;
    const recorder& heard_;
    console_watch watch_;
    engine engine_;
    engine_feed feed_;
    std::deque<event> told_;  ///< and not yet seen in the journal
    std::string typed_console_, typed_channel_;
    bool comparing_ = true, lost_ = false;
    std::size_t last_line_ = 0;
    replay_outcome result_;
};

}  // namespace

engine_options recorded_options(const recording& recorded) {
    const auto& how = recorded.run->replay;
    return {how.at("timeout_multiplier").get<double>(), random_words(recorded.run->seed),
            key_programs_from(how.value("programs", json::array())),
            guest_rules::of_format(recorded.journal_format())};
}

replay_outcome replay_exactly(const recording& recorded, const scenario& what,
                              const recorder& heard, const std::string& until) {
    return replay(recorded, what, heard, until).run();
}

}  // namespace qh
