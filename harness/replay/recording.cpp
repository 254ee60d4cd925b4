#include "replay/recording.hpp"

#include <algorithm>
#include <deque>

#include "build_config.hpp"
#include "record/secret_mask.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_typed = 64u << 20;
constexpr std::size_t most_held = 4096, most_held_events = 100'000;
constexpr std::size_t most_steps = 10000;

void append(std::string& typed, const std::string& bytes) {
    typed.append(bytes, 0, most_typed - std::min(most_typed, typed.size()));
}

/// Folds a journal's entries into what is known of it.
class survey {
  public:
    explicit survey(recording& found) : found_(found) {}

    void look_at(const journal_entry& entry) {
        const auto& type = entry.what.type;
        const auto& data = entry.what.data;
        found_.seconds = std::max(found_.seconds, journal_seconds(entry.what.when));
        if (type == "run_started") found_.run_started = data;
        if (type == "verdict") found_.verdict = data;
        if (type == "run_finished") found_.finished = true;
        if (type == "attaching") attached_ = true;
        if (type == "console_out") found_.console_bytes += entry.bytes.size();
        if (type == "console_in" && !attached_) append(found_.typed_console, entry.bytes);
        if (type == "channel_in" && !attached_) append(found_.typed_channel, entry.bytes);
        if (type == "console_out" || type == "channel_out") note_held(entry);
        if (type == "console_cut" || type == "channel_cut") note_cut(entry);
        if (type == "step_finished" && found_.steps.size() < most_steps)
            found_.steps.push_back(
                {data.value("name", ""), data.value("outcome", ""), data.value("reason", "")});
    }

    void end_at(std::size_t line) {
        if (!found_.whole_until || *found_.whole_until > line) found_.whole_until = line;
    }

  private:
    void note_cut(const journal_entry& entry) {
        const auto& type = entry.what.type;
        end_at(entry.line);
        found_.notes.push_back(fmt::format(
            "the {} is recorded up to {:.3f} s only, where it had become too long "
            "(journal line {})",
            type.substr(0, type.find('_')), journal_seconds(entry.what.when), entry.line));
    }

    void note_held(const journal_entry& entry) {
        auto& held = held_[entry.what.type];
        const bool became_mask = entry.bytes.starts_with(secret_mask::shown_instead);
        auto rest = std::string_view(entry.bytes);
        for (; !held.empty() && !became_mask && !rest.empty(); held.pop_front()) {
            auto& [line, count] = held.front();
            const auto came = rest.substr(0, count);
            found_.held_back[line] += came;
            found_.came_before[entry.line] += came.size();
            rest.remove_prefix(came.size());
            if (came.size() < count) {
                count -= came.size();
                break;
            }
        }
        if (became_mask) held.clear();
        std::size_t waiting = 0;
        for (const auto& [line, count] : held) waiting += count;
        const auto count = std::min(entry.what.data.value("held", std::size_t{0}), most_held);
        if (count > waiting && found_.held_back.size() < most_held_events)
            held.emplace_back(entry.line, count - waiting);
    }

    std::map<std::string, std::deque<std::pair<std::size_t, std::size_t>>> held_;
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

std::string bytes_as_they_came(const recording& recorded, const journal_entry& entry) {
    const auto before = recorded.came_before.find(entry.line);
    const auto held = recorded.held_back.find(entry.line);
    auto bytes =
        before == recorded.came_before.end() ? entry.bytes : entry.bytes.substr(before->second);
    return held == recorded.held_back.end() ? bytes : bytes + held->second;
}

std::string recording::unfit() const {
    if (!run_started.is_object()) return "its journal does not say how the run began";
    const auto version = run_started.value("journal", json(1));
    if (!version.is_number_integer() || version > journal_version)
        return fmt::format(
            "its journal is of a later format ({}; this is qharness {}, which knows "
            "up to {})",
            dump(version), QHARNESS_VERSION, journal_version);
    if (version < oldest_journal)
        return fmt::format("its journal is of the older format {}, which has not all that decides",
                           dump(version));
    const auto details = run_started.find("replay");
    if (details == run_started.end() || !details->is_object())
        return "its journal does not say how the run began";
    if (details->value("interactive", false)) return "a person had the console, and no step ran";
    return {};
}

int recording::journal_format() const {
    return run_started.is_object() ? run_started.value("journal", 1) : 1;
}

bool recording::masked() const {
    return run_started.is_object() && run_started.contains("replay") &&
           run_started["replay"].value("masked", false);
}

recording read_recording(const fs::path& folder) {
    recording found;
    found.folder = folder;
    journal_reader reader(found.journal());
    survey seen(found);
    while (const auto entry = reader.next()) try {
            seen.look_at(*entry);
        } catch (const json::exception&) {
            seen.end_at(entry->line);
            found.notes.push_back(
                fmt::format("journal line {} is no event of its type", entry->line));
        }
    tell_damage(found, reader.damage(), seen);
    if (!found.finished)
        found.notes.push_back(
            fmt::format("the journal ends at {:.3f} s, before the run did: qharness was ended, or "
                        "is at it still",
                        found.seconds));
    return found;
}

}  // namespace qh
