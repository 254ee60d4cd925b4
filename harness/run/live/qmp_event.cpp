#include "run/live/qmp_event.hpp"

namespace qh {

events::qmp qmp_event(const qmp_message& message) {
    using kind = enum qmp_message::kind;
    events::qmp told = {"", message.id, message.data, std::nullopt};
    if (message.kind == kind::event) told.event = message.text;
    if (message.kind == kind::failure) told.error = message.text;
    return told;
}

}  // namespace qh
