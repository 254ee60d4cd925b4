#include "run/live/qmp_json.hpp"

namespace qh {

using kind = enum qmp_message::kind;

json qmp_to_json(const qmp_message& message) {
    json value = {{"event", ""}, {"id", message.id}, {"data", message.data}};
    if (message.kind == kind::event) value["event"] = message.text;
    if (message.kind == kind::failure) value["error"] = message.text;
    return value;
}

qmp_message qmp_from_json(const json& value) {
    const auto event = value.at("event").get<std::string>();
    const auto id = value.at("id").get<std::uint64_t>();
    const auto& data = value.at("data");
    if (value.contains("error"))
        return {kind::failure, value.at("error").get<std::string>(), id, data};
    return {event.empty() ? kind::reply : kind::event, event, id, data};
}

}  // namespace qh
