#include "replay/exact_replay.hpp"

#include <deque>

#include "replay/console_watch.hpp"
#include "replay/engine_feed.hpp"
#include "replay/recorded_machine.hpp"
#include "run/live/random_words.hpp"

namespace qh {
namespace {

/// As the journal would have it, so that two compare.
json line_of(const event& one) {
    auto line = parse_json(dump(one.data));
    line["t"] = journal_seconds(one.when);
    line["type"] = one.type;
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
            entry->bytes = bytes_as_they_came(recorded_, *entry);
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

    void hear_recorded(const event& told) try {
        // What the same input brought behind the stop is compared and no more.
        if (!result_.stopped) heard_(told, {});
        if (told.type == "step_finished" && !result_.stopped) stop_behind(told.data);
        if (told.type == "verdict")
            result_.outcome = enum_named<run_outcome>(told.data.value("outcome", ""));
    } catch (const json::exception&) {
        // The survey of the recording has told that this is no such event.
    }

    void stop_behind(const json& step) {
        const auto name = step.value("name", "");
        const auto number = std::to_string(step.value("index", std::size_t{0}) + 1);
        if (until_.empty() || (name != until_ && number != until_)) return;
        result_.stopped = {name, step.value("outcome", ""), watch_.recent(excerpt_lines)};
    }

    void take(const journal_entry& entry) {
        const auto& type = entry.what.type;
        result_.seconds = journal_seconds(entry.what.when);
        if (is_told_by_engine(type)) return compare(entry);
        if (feed_.is_told_to_engine(type)) expect_nothing_more(entry.line);
        if (result_.difference) return;
        if (type == "machine_lost") lost_ = true;
        if (type == "console_out") watch_.feed(entry.bytes, result_.seconds);
        heard_(entry.what, entry.bytes);
        if (!comparing_) return;
        try {
            feed_.tell(entry);
        } catch (const json::exception&) {
            return stop_comparing(entry.line);
        }
        if (!recorded_.masked()) compare_typing(entry);
    }

    void compare(const journal_entry& entry) {
        // Where the machine was lost, that is the session's verdict.
        const bool of_session = entry.what.type == "verdict" && told_.empty() && lost_;
        if (!comparing_ || of_session) return hear_recorded(entry.what);
        auto expected = line_of(entry.what);
        if (told_.empty()) return differ(entry.line, std::move(expected), {});
        auto got = line_of(told_.front());
        if (expected != got) return differ(entry.line, std::move(expected), std::move(got));
        hear(told_.front());
        told_.pop_front();
        ++result_.events;
    }

    void compare_typing(const journal_entry& entry) {
        const bool console = entry.what.type == "console_in";
        if (!console && entry.what.type != "channel_in") return;
        auto& typed = console ? typed_console_ : typed_channel_;
        if (feed_.attached()) return;
        if (!typed.starts_with(entry.bytes))
            return differ(entry.line, {{"type", entry.what.type}, {"text", entry.bytes}},
                          {{"type", entry.what.type}, {"text", typed}});
        typed.erase(0, entry.bytes.size());
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
    const auto& how = recorded.run_started.at("replay");
    return {how.at("timeout_multiplier").get<double>(),
            random_words(recorded.run_started.at("seed").get<std::uint64_t>()),
            key_programs_from(how.value("programs", json::array()))};
}

replay_outcome replay_exactly(const recording& recorded, const scenario& what,
                              const recorder& heard, const std::string& until) {
    return replay(recorded, what, heard, until).run();
}

}  // namespace qh
