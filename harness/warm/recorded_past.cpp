#include "warm/recorded_past.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "replay/engine_feed.hpp"
#include "replay/exact_replay.hpp"

namespace qh {
namespace {

/// What belongs to the process that was saved, not to the guest.
using of_its_process = boost::mp11::mp_list<events::run_started, events::machine_started>;

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
    const auto again = replay_exactly(recorded_, what, [](const event&) {});
    if (again.difference) return "this qharness does not tell the same of its steps";
    if (again.outcome || recorded_.whole_until) return "its journal is damaged";
    return {};
} catch (const json::exception&) {
    return "its journal is damaged";
}

std::uint64_t recorded_past::seed() const {
    return recorded_.run->seed;
}

std::string recorded_past::saved_at() const {
    return recorded_.run->started;
}

warm_past::end recorded_past::tell(engine& engine, time_point began, const recorder& record) {
    engine_feed feed(engine, recorded_.journal_format());
    end reached{began};
    while (auto entry = told_.next()) {
        auto& [when, what] = entry->told;
        when = began + (when - journal_epoch);
        reached.when = when;
        if (is_one_of<events::told_by_engine>(what) || is_one_of<of_its_process>(what)) continue;
        if (const auto* cpu = std::get_if<events::cpu>(&what))
            reached.cpu_time = cpu->usage.cpu_time;
        record(entry->told);
        feed.tell(entry->told);
    }
    return reached;
}

}  // namespace qh
