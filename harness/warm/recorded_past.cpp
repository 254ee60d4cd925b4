#include "warm/recorded_past.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "replay/engine_feed.hpp"
#include "replay/exact_replay.hpp"
#include "run/live/usage_json.hpp"

namespace qh {
namespace {

/// What belongs to the process that was saved, not to the guest.
bool is_of_its_process(const std::string& type) {
    return type == "run_started" || type == "machine_started";
}

}  // namespace

recorded_past::recorded_past(const std::filesystem::path& folder)
    : recorded_(read_recording(folder)), told_(recorded_.journal()) {
    if (const auto why = recorded_.unfit(); !why.empty())
        throw usage_error("{}: {}", recorded_.journal().string(), why);
    // Its events become a part of the new journal.
    if (recorded_.journal_format() != journal_version)
        throw usage_error("{}: its journal is of an older format", recorded_.journal().string());
}

std::string recorded_past::problem_for(const scenario& what) const try {
    const auto again = replay_exactly(recorded_, what, [](const event&, std::string_view) {});
    if (again.difference) return "this qharness does not tell the same of its steps";
    if (again.outcome || recorded_.whole_until) return "its journal is damaged";
    return {};
} catch (const json::exception&) {
    return "its journal is damaged";
}

std::uint64_t recorded_past::seed() const {
    return recorded_.run_started.at("seed").get<std::uint64_t>();
}

std::string recorded_past::saved_at() const {
    return recorded_.run_started.value("started", "");
}

warm_past::end recorded_past::tell(engine& engine, time_point began, const recorder& record) {
    engine_feed feed(engine, recorded_.journal_format());
    end reached{began};
    while (auto entry = told_.next()) {
        entry->what.when = began + (entry->what.when - journal_epoch);
        reached.when = entry->what.when;
        const auto& type = entry->what.type;
        if (is_told_by_engine(type) || is_of_its_process(type)) continue;
        if (type == "cpu") reached.cpu_time = usage_from_json(entry->what.data).cpu_time;
        record(entry->what, entry->bytes);
        feed.tell(*entry);
    }
    return reached;
}

}  // namespace qh
