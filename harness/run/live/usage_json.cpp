#include "run/live/usage_json.hpp"

namespace qh {

json usage_to_json(const process_usage& usage) {
    json threads = json::array();
    for (const auto& thread : usage.threads) {
        threads.push_back({thread.id, thread.ran.count()});
        if (usage.knows_waits) threads.back().push_back(thread.waited.count());
    }
    return {{"state", name_of(usage.state)},
            {"cpu_ms", usage.cpu_time.count()},
            {"waits", usage.knows_waits},
            {"host", {usage.host.busy.count(), usage.host.stolen.count()}},
            {"threads", std::move(threads)}};
}

process_usage usage_from_json(const json& value) {
    process_usage usage;
    const auto& state = value.at("state").get_ref<const std::string&>();
    usage.state = enum_named<process_state>(state).value_or(process_state::gone);
    usage.cpu_time = Duration(value.at("cpu_ms").get<Duration::rep>());
    usage.knows_waits = value.at("waits").get<bool>();
    for (const auto& thread : value.at("threads")) {
        thread_usage one;
        one.id = thread.at(0).get<int>();
        one.ran = std::chrono::nanoseconds(thread.at(1).get<std::int64_t>());
        if (usage.knows_waits)
            one.waited = std::chrono::nanoseconds(thread.at(2).get<std::int64_t>());
        usage.threads.push_back(one);
    }
    usage.host = {std::chrono::nanoseconds(value.at("host").at(0).get<std::int64_t>()),
                  std::chrono::nanoseconds(value.at("host").at(1).get<std::int64_t>())};
    return usage;
}

}  // namespace qh
