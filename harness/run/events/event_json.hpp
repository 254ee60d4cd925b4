// Events as the journal has them.
#pragma once

#include "run/events/event.hpp"

namespace qh {

/// The line's "type".
const char* type_of(const event_data& what);

/// The line without its time.
json to_json(const event_data& what);

/// From a line, with or without its time. Members that the event has not are passed over. Throws a
/// usage error that names the type and the member where one lacks or is of another kind.
event_data event_from_json(json line);

/// Whether there is an event of that type.
bool is_event_type(std::string_view type);

/// An event of an engine that goes on after a person had the console, and the one within.
events::resumed as_resumed(const event_data& what);
event_data event_within(const events::resumed& told);

}  // namespace qh
