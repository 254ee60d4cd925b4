// What QEMU says on QMP as an event.
#pragma once

#include "qmp/qmp_session.hpp"
#include "run/events/event.hpp"

namespace qh {

/// Of anything but a greeting.
events::qmp qmp_event(const qmp_message& message);

}  // namespace qh
