#include "replay/recording.hpp"

#include <algorithm>
#include <deque>

#include "base/overloaded.hpp"
#include "build_config.hpp"
#include "record/secret_mask.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_typed = 64u << 20;
constexpr std::size_t most_held = 4096, most_held_events = 100'000;
constexpr std::size_t most_steps = 10000;

/// Folds a journal's entries into what is known of it.
class survey {
  public:
    explicit survey(recording& found) : found_(found) {}

    void look_at(const journal_entry& entry) {
        using namespace events;
        found_.seconds = std::max(found_.seconds, journal_seconds(entry.told.when));
        std::visit(
            overloaded{
                [&](const run_started& run) { found_.run = run; },
                [&](const events::verdict& judged) { found_.verdict = judged; },
                [&](const run_finished&) { found_.finished = true; },
                [&](const attaching&) { attached_ = true; },
                [&](const console_out& console) {
                    found_.console_bytes += console.bytes.size();
                    note_held(entry.line, console, console_held_);
                },
                [&](const channel_out& channel) { note_held(entry.line, channel, channel_held_); },
                [&](const console_in& typed) { append(found_.typed_console, typed.bytes); },
                [&](const channel_in& typed) { append(found_.typed_channel, typed.bytes); },
                [&](const console_cut&) { note_cut(entry, "console"); },
                [&](const channel_cut&) { note_cut(entry, "channel"); },
                [&](const step_finished& step) {
                    if (found_.steps.size() < most_steps)
                        found_.steps.push_back({step.name, step.outcome, step.reason.value_or("")});
                },
                passing_over<error_output, warm_start, machine_started, connected, machine_reset,
                             machine_shutdown, machine_paused, machine_ended, machine_lost, cpu,
                             tick, interrupted, judging, warm_point, step_started, rebooted, facts,
                             measurement, events::milestone, events::failure, events::failure_trace,
                             isa_warning, stopping, step_position, attached, detached, resumed,
                             attempts, qmp, qmp_in>()},
            entry.told.what);
    }

    void end_at(std::size_t line) {
        if (!found_.whole_until || *found_.whole_until > line) found_.whole_until = line;
    }

  private:
    /// Lines of events and how many of their bytes a mask holds back.
    using held_events = std::deque<std::pair<std::size_t, std::size_t>>;

    void append(std::string& typed, const std::string& bytes) const {
        if (!attached_) typed.append(bytes, 0, most_typed - std::min(most_typed, typed.size()));
    }

    void note_cut(const journal_entry& entry, const char* log) {
        end_at(entry.line);
        found_.notes.push_back(
            fmt::format("the {} is recorded up to {:.3f} s only, where it had become too long "
                        "(journal line {})",
                        log, journal_seconds(entry.told.when), entry.line));
    }

    void note_held(std::size_t line, const events::stream& told, held_events& held) {
        const bool became_mask = told.bytes.starts_with(secret_mask::shown_instead);
        auto rest = std::string_view(told.bytes);
        for (; !held.empty() && !became_mask && !rest.empty(); held.pop_front()) {
            auto& [held_line, count] = held.front();
            const auto came = rest.substr(0, count);
            found_.held_back[held_line] += came;
            found_.came_before[line] += came.size();
            rest.remove_prefix(came.size());
            if (came.size() < count) {
                count -= came.size();
                break;
            }
        }
        if (became_mask) held.clear();
        std::size_t waiting = 0;
        for (const auto& [held_line, count] : held) waiting += count;
        const auto count = std::min(told.held, most_held);
        if (count > waiting && found_.held_back.size() < most_held_events)
            held.emplace_back(line, count - waiting);
    }

    held_events console_held_, channel_held_;
    recording& found_;
    bool attached_ = false;
};

void tell_damage(recording& found, const std::vector<journal_damage>& damage, survey& seen) {
    for (const auto& one : damage) {
        if (!one.at_end) seen.end_at(one.line);
        found.notes.push_back(fmt::format("journal line {} is {}", one.line, one.what));
    }
}

}  // namespace

void restore_bytes(const recording& recorded, journal_entry& entry) {
    const auto before = recorded.came_before.find(entry.line);
    const auto held = recorded.held_back.find(entry.line);
    std::visit(
        [&]<typename Event>(Event& what) {
            if constexpr (std::is_base_of_v<events::stream, Event>) {
                if (before != recorded.came_before.end()) what.bytes.erase(0, before->second);
                if (held != recorded.held_back.end()) what.bytes += held->second;
            }
        },
        entry.told.what);
}

std::string recording::unfit() const {
    if (!run || !run->replay.is_object()) return "its journal does not say how the run began";
    const auto version = journal_format();
    if (version > journal_version)
        return fmt::format(
            "its journal is of a later format ({}; this is qharness {}, which knows "
            "up to {})",
            version, QHARNESS_VERSION, journal_version);
    if (version < oldest_journal)
        return fmt::format("its journal is of the older format {}, which has not all that decides",
                           version);
    if (run->replay.value("interactive", false)) return "a person had the console, and no step ran";
    return {};
}

int recording::journal_format() const {
    return run ? run->journal.value_or(1) : 1;
}

bool recording::masked() const {
    return run && run->replay.is_object() && run->replay.value("masked", false);
}

recording read_recording(const fs::path& folder) {
    recording found;
    found.folder = folder;
    journal_reader reader(found.journal());
    survey seen(found);
    while (const auto entry = reader.next()) seen.look_at(*entry);
    tell_damage(found, reader.damage(), seen);
    if (!found.finished)
        found.notes.push_back(
            fmt::format("the journal ends at {:.3f} s, before the run did: qharness was ended, or "
                        "is at it still",
                        found.seconds));
    return found;
}

}  // namespace qh
