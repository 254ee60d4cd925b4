// The engine against a guest that is played: no process, no socket, and time that jumps.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <deque>
#include <functional>

#include "run/engine.hpp"
#include "run/events/event_json.hpp"
#include "scenario/load.hpp"
#include "support/temporary_folder.hpp"

namespace qh::test {

/// What the played guest does with the next command it is given.
struct answer {
    std::string output = {};
    int status = 0;
    std::function<void()> instead = {};  ///< in place of an answer, where set
    std::string late = {};               ///< on the console behind the answer
};

class engine_fixture : public in_temporary_folder, protected machine_port {
  protected:
    using action = std::function<void(engine&, time_point)>;

    /// The scenario's JSON, from its steps and more members.
    void load(const std::string& steps, const std::string& more = R"("timeout": "30m")") {
        scenario_ = load_scenario(
            write("s.json", R"({"name": "s", )" + more + R"(, "steps": [)" + steps + "]}"), {});
    }

    void happen(action what) { pending_.push_back(std::move(what)); }
    void print(const std::string& bytes) {
        happen([this, bytes](engine& e, time_point now) {
            record({now, events::console_out{{bytes}}});
            e.on_console(bytes, now);
        });
    }
    void shut_down(const std::string& reason) {
        happen([this, reason](engine& e, time_point now) {
            record({now, events::machine_shutdown{reason}});
            e.on_shutdown(reason, now);
        });
    }
    void reset() {
        happen([this](engine& e, time_point now) {
            record({now, events::machine_reset()});
            e.on_reset(now);
        });
    }
    void end_qemu(exit_status status) {
        happen([this, status](engine& e, time_point now) {
            ended_ = true;
            record({now, events::machine_ended{status.signalled, status.code}});
            e.on_machine_ended(status, now);
        });
    }
    void interrupt() {
        happen([this](engine& e, time_point now) {
            record({now, events::interrupted()});
            e.on_interrupt(now);
        });
    }
    void pause_guest() {
        happen([this](engine& e, time_point now) {
            record({now, events::machine_paused{true}});
            e.on_paused(true, now);
        });
    }
    /// Prints a line each second, for as long as the run lasts.
    void keep_printing() { printing_ = true; }

    /// Ends the command in progress with status 0 after that time, when the console has `said` so.
    void answer_after(Duration time, std::string said = {}) {
        answer_due_ = now_ + time;
        said_before_answer_ = std::move(said);
    }

    /// What a command that powers the guest off does.
    std::function<void()> power_off() {
        return [this] {
            print("[   99.000000] reboot: Power down\r\n");
            shut_down("guest-shutdown");
            end_qemu({});
        };
    }

    void boot() {
        print("[    0.000000] Linux version 6.12\r\n[    1.000000] Run /init as init process\r\n");
        print("~ # ");
    }

    /// Plays the scenario to its verdict.
    verdict play() {
        engine_.emplace(scenario_, engine_options{multiplier_, words_, programs_},
                        static_cast<machine_port&>(*this), [this](const event& e) { note(e); });
        record({now_, events::connected{"10.0.0", cpu_}});
        engine_->on_cpu(cpu_, now_);
        engine_->start(now_);
        for (int turn = 0; turn < 100'000 && !ended_; ++turn) take_turn();
        EXPECT_TRUE(ended_) << "the run never ended";
        return ended_ ? engine_->result() : verdict{run_outcome::infra_error, "never ended"};
    }

    /// As the journal has them, without their type.
    std::vector<json> events_of(const std::string& type) const {
        std::vector<json> found;
        for (const auto& e : events_) {
            if (type_of(e.what) != type) continue;
            found.push_back(to_json(e.what));
            found.back().erase("type");
        }
        return found;
    }

    /// "name:outcome" of each finished step.
    std::vector<std::string> step_outcomes() const {
        std::vector<std::string> found;
        for (const auto& e : events_of("step_finished"))
            found.push_back(e["name"].get<std::string>() + ":" + e["outcome"].get<std::string>());
        return found;
    }

    std::deque<answer> answers_;
    answer second_console_{"there is no /dev/hvc1\n", 1};  ///< to the question for one
    bool channel_answers_ = true;
    std::deque<answer> replies_;  ///< to what is typed at the prompt
    scenario scenario_;
    std::vector<event> events_;
    time_point now_{std::chrono::hours(1)};
    double cpu_share_ = 1;     ///< CPU seconds QEMU uses in a second
    double delay_share_ = 0;   ///< seconds in a second that QEMU waits for a CPU
    double stolen_share_ = 0;  ///< of the host's CPU time, by its hypervisor
    bool knows_waits_ = true;
    process_state qemu_state_ = process_state::running;
    warm_end warm_how_ = warm_end::saved;
    Duration saving_time_{0};
    double multiplier_ = 1;
    std::vector<key_program> programs_;
    bool has_stty_ = true;
    std::string echo_of_enter_ = "\r\n~ # ";
    exit_status stopped_status_{};
    std::string typed_, channel_typed_;
    cpu_properties cpu_;
    std::map<std::string, std::string> kept_;  ///< files from the guest
    std::function<std::string()> words_ = [n = 100]() mutable { return fmt::format("w{}", n++); };

    /// Told all that the engine is told and tells, as a journal has it.
    virtual void record(const event&) {}

  private:
    void note(const event& e) {
        EXPECT_EQ(e.when, now_);
        record(e);
        events_.push_back(e);
    }

    void take_turn() {
        using namespace std::chrono_literals;
        if (!pending_.empty()) {
            const auto next = std::move(pending_.front());
            pending_.pop_front();
            return next(*engine_, now_);
        }
        if (stopped_) return end_qemu(stopped_status_);
        const auto due = engine_->deadline();
        now_ = std::max(now_, std::min({due.value_or(next_sample_), next_sample_,
                                        answer_due_.value_or(next_sample_),
                                        saved_due_.value_or(next_sample_)}));
        if (saved_due_ && now_ >= *saved_due_) return finish_saving();
        if (answer_due_ && now_ >= *answer_due_) {
            answer_due_.reset();
            return print(said_before_answer_ + line_end() + word_ + "E0" + line_end());
        }
        if (now_ >= next_sample_) {
            if (printing_) print("tick\n");
            take_sample();
        } else if (engine_->needs_usage(now_)) {
            take_sample();
        }
        if (!due || now_ < *due) return;
        record({now_, events::tick()});
        engine_->tick(now_);
        // A step that a tick begins may find what it expects there already.
        ticks_at_once_ = now_ == ticked_ ? ticks_at_once_ + 1 : 0;
        ticked_ = now_;
        EXPECT_LT(ticks_at_once_, 3) << "a deadline that its tick leaves in the past spins";
    }

    /// QEMU is one thread.
    void take_sample() {
        using std::chrono::nanoseconds;
        const std::chrono::duration<double> passed = now_ - sampled_;
        thread_.ran += std::chrono::duration_cast<nanoseconds>(cpu_share_ * passed);
        if (knows_waits_)
            thread_.waited += std::chrono::duration_cast<nanoseconds>(delay_share_ * passed);
        host_.busy += std::chrono::duration_cast<nanoseconds>((1 - stolen_share_) * passed);
        host_.stolen += std::chrono::duration_cast<nanoseconds>(stolen_share_ * passed);
        sampled_ = now_;
        next_sample_ = now_ + std::chrono::seconds(1);
        const process_usage usage = {qemu_state_,
                                     std::chrono::duration_cast<Duration>(thread_.ran),
                                     knows_waits_,
                                     {thread_},
                                     host_};
        record({now_, events::cpu{usage}});
        engine_->on_cpu_usage(usage, now_);
    }

    void send_console(std::string_view bytes) override {
        typed_ += bytes;
        record({now_, events::console_in{{std::string(bytes)}}});
        if (bytes.find('\x03') != std::string_view::npos) print("^C\n~ # ");
        const bool answered = answer_markers(bytes, false);
        if (!answered && bytes == "\r") return print(echo_of_enter_);
        if (answered || replies_.empty() || !bytes.ends_with('\r')) return;
        reply(std::exchange(replies_.front(), {}));
        replies_.pop_front();
    }

    void send_channel(std::string_view bytes) override {
        channel_typed_ += bytes;
        record({now_, events::channel_in{{std::string(bytes)}}});
        if (channel_answers_) answer_markers(bytes, true);
    }

    /// Plays the shell on the console or the channel; whether it was asked for a marker.
    bool answer_markers(std::string_view bytes, bool on_channel) {
        static const re2::RE2 marker(
            R"(printf '\\n@@%s%s:([A-Z][0-9]*)(?:%[ds])?\\n' (\w+) (\w+))");
        re2::StringPiece rest(bytes.data(), bytes.size());
        std::string tag, one, two;
        bool found = false;
        if (bytes == "eval \"$__g\"\n") {
            print_answer(checked_word_, asks_for_second_ ? second_console_ : next_answer(),
                         on_channel);
            return true;
        }
        while (re2::RE2::FindAndConsume(&rest, marker, &tag, &one, &two)) {
            found = true;
            const auto word = "@@" + one + two + ":";
            if (tag == "B") {
                print_answer(word, next_answer(), on_channel);
                return true;
            }
            if (tag.starts_with('V')) {
                checked_word_ = word;
                asks_for_second_ = bytes.find("/dev/hvc1") != std::string_view::npos;
                tag += 'y';
            }
            print_on(on_channel, line_end() + word + tag + line_end() + (tag == "C" ? "# " : ""));
        }
        return found;
    }

    void print_on(bool channel, const std::string& text) {
        if (!channel) return print(text);
        happen([this, text](engine& e, time_point now) {
            record({now, events::channel_out{{text}}});
            e.on_channel(text, now);
        });
    }

    answer next_answer() {
        EXPECT_FALSE(answers_.empty()) << "a command too many";
        if (answers_.empty()) return {};
        auto next = std::move(answers_.front());
        answers_.pop_front();
        return next;
    }

    void print_answer(const std::string& word, const answer& next, bool on_channel) {
        word_ = word;
        print_on(on_channel, line_end() + word + "B" + line_end());
        if (next.instead) return next.instead();
        print_on(on_channel,
                 next.output + line_end() + word + "E" + std::to_string(next.status) + line_end());
        if (!next.late.empty()) print(next.late);
    }

    void reply(const answer& next) {
        if (next.instead) return next.instead();
        print(next.output);
    }

    void save_warm_point() override { saved_due_ = now_ + saving_time_; }
    void finish_saving() {
        saved_due_.reset();
        happen([this](engine& e, time_point now) {
            const events::warm_point told = {warm_how_, "", 1'800'000'000, "abc"};
            record({now, told});
            e.on_warm_point(told, now);
        });
    }
    void stop() override {
        record({now_, events::stopping()});
        stopped_ = true;
    }
    std::string keep_file(const std::string& name, std::string_view content) override {
        kept_[name] = content;
        return "files/" + name;
    }
    std::string line_end() const { return has_stty_ ? "\n" : "\r\n"; }

    std::optional<engine> engine_;
    std::deque<action> pending_;
    std::string word_;          ///< of the command in progress
    std::string checked_word_;  ///< of the one that has arrived
    bool asks_for_second_ = false;
    std::optional<time_point> answer_due_, saved_due_;
    std::string said_before_answer_;
    thread_usage thread_{1};
    host_cpu_time host_;
    time_point sampled_ = now_, next_sample_ = now_, ticked_{};
    int ticks_at_once_ = 0;
    bool stopped_ = false, ended_ = false, printing_ = false;
};

}  // namespace qh::test
