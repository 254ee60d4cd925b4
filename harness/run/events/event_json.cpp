#include "run/events/event_json.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <unordered_map>
#include <utility>

#include "base/base64.hpp"
#include "base/error.hpp"

namespace qh {

namespace events {

BOOST_DESCRIBE_STRUCT(connected, (), (qemu_version, cpu))
BOOST_DESCRIBE_STRUCT(machine_reset, (), ())
BOOST_DESCRIBE_STRUCT(machine_shutdown, (), (reason))
BOOST_DESCRIBE_STRUCT(machine_paused, (), (paused))
BOOST_DESCRIBE_STRUCT(machine_ended, (), (signalled, status))
BOOST_DESCRIBE_STRUCT(machine_lost, (), ())
BOOST_DESCRIBE_STRUCT(tick, (), ())
BOOST_DESCRIBE_STRUCT(interrupted, (), ())
BOOST_DESCRIBE_STRUCT(judging, (), ())
BOOST_DESCRIBE_STRUCT(warm_point, (), (how, reason, epoch_s, entropy))
BOOST_DESCRIBE_STRUCT(step_started, (), (index, name, kind))
BOOST_DESCRIBE_STRUCT(step_finished, (),
                      (details, index, name, kind, outcome, seconds, reason, host_delay_s))
BOOST_DESCRIBE_STRUCT(rebooted, (), ())
BOOST_DESCRIBE_STRUCT(measurement, (), (details, name, step))
BOOST_DESCRIBE_STRUCT(milestone, (), (kind, title))
BOOST_DESCRIBE_STRUCT(failure, (), (kind, title, fatal, line, step, host_excuse, explanation))
BOOST_DESCRIBE_STRUCT(failure_trace, (), (title, site, lines, cut, explanation))
BOOST_DESCRIBE_STRUCT(isa_warning, (), (text, cpu, programs))
BOOST_DESCRIBE_STRUCT(verdict, (), (outcome, reason, excerpt, failures_untold))
BOOST_DESCRIBE_STRUCT(stopping, (), ())
BOOST_DESCRIBE_STRUCT(run_started, (),
                      (qharness, journal, seed, started, replay, scenario, machine, image, host,
                       again, recorded))
BOOST_DESCRIBE_STRUCT(warm_start, (), (saved, seconds, failed))
BOOST_DESCRIBE_STRUCT(machine_started, (), (pid, arguments))
BOOST_DESCRIBE_STRUCT(step_position, (), (index, icount))
BOOST_DESCRIBE_STRUCT(console_cut, (), ())
BOOST_DESCRIBE_STRUCT(channel_cut, (), ())
BOOST_DESCRIBE_STRUCT(attaching, (), ())
BOOST_DESCRIBE_STRUCT(attached, (), (gdb, qmp, step))
BOOST_DESCRIBE_STRUCT(detached, (), (by))
BOOST_DESCRIBE_STRUCT(resumed, (), (members, event))
BOOST_DESCRIBE_STRUCT(run_finished, (), (cost))
BOOST_DESCRIBE_STRUCT(attempts, (), (attempts, outcome, reason))
BOOST_DESCRIBE_STRUCT(qmp, (), (event, id, data, error))
BOOST_DESCRIBE_STRUCT(qmp_in, (), (command, arguments, id))

}  // namespace events

namespace {

using boost::mp11::mp_for_each;

/// A member's value is of another kind.
struct wrong_kind {};

template <typename Kind>
void must_be(Kind is_so) {
    if (!is_so) throw wrong_kind();
}

// ---- values

template <typename Value>
json written(const Value& value) {
    if constexpr (std::is_enum_v<Value>)
        return name_of(value);
    else
        return value;
}

json written(const cpu_properties& cpu) {
    json value = {{"on", json::array()}, {"off", json::array()}};
    for (const auto& [name, has] : cpu.extensions) value[has ? "on" : "off"].push_back(name);
    if (cpu.vector_bits) value["vlen"] = *cpu.vector_bits;
    return value;
}

void read(const json& from, json& value) {
    value = from;
}

void read(const json& from, bool& value) {
    must_be(from.is_boolean());
    value = from.get<bool>();
}

void read(const json& from, double& value) {
    must_be(from.is_number());
    value = from.get<double>();
}

void read(const json& from, std::string& value) {
    must_be(from.is_string());
    value = from.get_ref<const std::string&>();
}

template <std::integral Number>
void read(const json& from, Number& value) {
    must_be(from.is_number_unsigned()
                ? std::in_range<Number>(from.get<std::uint64_t>())
                : from.is_number_integer() && std::in_range<Number>(from.get<std::int64_t>()));
    value = from.get<Number>();
}

template <described_enum Enum>
void read(const json& from, Enum& value) {
    must_be(from.is_string());
    const auto named = enum_named<Enum>(from.get_ref<const std::string&>());
    must_be(named.has_value());
    value = *named;
}

template <typename Value>
void read(const json& from, std::vector<Value>& values) {
    must_be(from.is_array());
    for (const auto& one : from) read(one, values.emplace_back());
}

const json& at(const json& from, const char* name) {
    const auto found = from.is_object() ? from.find(name) : from.end();
    must_be(from.is_object() && found != from.end());
    return *found;
}

void read(const json& from, cpu_properties& cpu) {
    for (const bool has : {true, false}) {
        std::vector<std::string> names;
        read(at(from, has ? "on" : "off"), names);
        for (auto& name : names) cpu.extensions[std::move(name)] = has;
    }
    if (from.contains("vlen")) read(from["vlen"], cpu.vector_bits.emplace());
}

// ---- members

template <typename Value>
void put(json& line, const char* name, const Value& value) {
    line[name] = written(value);
}

template <typename Value>
void put(json& line, const char* name, const std::optional<Value>& value) {
    if (value) line[name] = written(*value);
}

void put(json& line, const char*, const events::other_members& others) {
    line.update(others.values);
}

template <typename Value>
void take(json& line, const char* name, Value& value) {
    read(at(line, name), value);
    line.erase(name);
}

template <typename Value>
void take(json& line, const char* name, std::optional<Value>& value) {
    if (line.contains(name)) take(line, name, value.emplace());
}

void take(json&, const char*, events::other_members&) {}  // they are what the others leave

template <typename Event>
concept described = boost::describe::has_describe_members<Event>::value;

template <described Event>
using members_of = boost::describe::describe_members<Event, boost::describe::mod_public>;

template <described Event>
void put_members(json& line, const Event& event) {
    mp_for_each<members_of<Event>>(
        [&](auto member) { put(line, member.name, event.*member.pointer); });
}

template <described Event>
void take_members(json& line, Event& event) {
    mp_for_each<members_of<Event>>([&](auto member) {
        try {
            take(line, member.name, event.*member.pointer);
        } catch (const wrong_kind&) {
            throw usage_error("{} has no \"{}\" of the right kind", Event::type, member.name);
        }
    });
    mp_for_each<members_of<Event>>([&](auto member) {
        auto& value = event.*member.pointer;
        if constexpr (std::is_same_v<decltype(value), events::other_members&>)
            value.values = std::move(line);
    });
}

void put_members(json& line, const events::stream& event) {
    line.update(bytes_to_json(event.bytes));
    if (event.held > 0) line["held"] = event.held;
}

template <std::derived_from<events::stream> Stream>
void take_members(json& line, Stream& event) try {
    if (const auto text = line.find("text"); text != line.end()) {
        must_be(text->is_string());
        event.bytes = std::move(text->get_ref<std::string&>());
    } else {
        const auto& coded = at(line, "base64");
        must_be(coded.is_string());
        auto bytes = base64_decoded(coded.get_ref<const std::string&>());
        must_be(bytes.has_value());
        event.bytes = std::move(*bytes);
    }
    if (line.contains("held")) read(line["held"], event.held);
} catch (const wrong_kind&) {
    throw usage_error("{} has no \"text\" or \"base64\" of the right kind", Stream::type);
}

void put_members(json& line, const events::cpu& event) {
    const auto& usage = event.usage;
    json threads = json::array();
    for (const auto& thread : usage.threads) {
        threads.push_back({thread.id, thread.ran.count()});
        if (usage.knows_waits) threads.back().push_back(thread.waited.count());
    }
    line.update({{"state", name_of(usage.state)},
                 {"cpu_ms", usage.cpu_time.count()},
                 {"waits", usage.knows_waits},
                 {"host", {usage.host.busy.count(), usage.host.stolen.count()}},
                 {"threads", std::move(threads)}});
}

void put_members(json& line, const events::facts& event) {
    for (const auto& [name, value] : event.by_name) line[name] = value;
}

void take_members(json& line, events::facts& event) try {
    for (const auto& [name, value] : line.items()) read(value, event.by_name[name]);
} catch (const wrong_kind&) {
    throw usage_error("{} has a value that is no text", event.type);
}

std::chrono::nanoseconds nanoseconds_at(const json& values, std::size_t index) {
    std::int64_t count = 0;
    must_be(values.is_array() && index < values.size());
    read(values[index], count);
    return std::chrono::nanoseconds(count);
}

void take_members(json& line, events::cpu& event) try {
    auto& usage = event.usage;
    Duration::rep cpu_ms = 0;
    read(at(line, "state"), usage.state);
    read(at(line, "cpu_ms"), cpu_ms);
    read(at(line, "waits"), usage.knows_waits);
    usage.cpu_time = Duration(cpu_ms);
    const auto& host = at(line, "host");
    usage.host = {nanoseconds_at(host, 0), nanoseconds_at(host, 1)};
    const auto& threads = at(line, "threads");
    must_be(threads.is_array());
    for (const auto& told : threads) {
        auto& thread = usage.threads.emplace_back();
        thread.ran = nanoseconds_at(told, 1);
        if (usage.knows_waits) thread.waited = nanoseconds_at(told, 2);
        read(told[0], thread.id);
    }
} catch (const wrong_kind&) {
    throw usage_error("{} is not of its form", event.type);
}

// ---- types

template <typename Event>
event_data read_event(json& line) {
    Event event;
    take_members(line, event);
    return event;
}

using event_reader = event_data (*)(json&);

const std::unordered_map<std::string_view, event_reader>& event_readers() {
    static const auto readers = [] {
        std::unordered_map<std::string_view, event_reader> all;
        mp_for_each<boost::mp11::mp_transform<std::type_identity, event_data>>(
            [&]<typename Event>(std::type_identity<Event>) {
                all[Event::type] = read_event<Event>;
            });
        return all;
    }();
    return readers;
}

}  // namespace

const char* type_of(const event_data& what) {
    return std::visit([](const auto& event) { return event.type; }, what);
}

json to_json(const event_data& what) {
    auto line = json::object();
    std::visit([&](const auto& event) { put_members(line, event); }, what);
    line["type"] = type_of(what);
    return line;
}

bool is_event_type(std::string_view type) {
    return event_readers().contains(type);
}

event_data event_from_json(json line) {
    const auto type = line.is_object() ? line.find("type") : line.end();
    if (!line.is_object() || type == line.end() || !type->is_string())
        throw usage_error("it is no event: it has no \"type\"");
    const auto name = type->get<std::string>();
    const auto reader = event_readers().find(name);
    if (reader == event_readers().end())
        throw usage_error("there is no event of the type \"{}\"", name);
    line.erase("type");
    line.erase("t");
    return reader->second(line);
}

events::resumed as_resumed(const event_data& what) {
    auto members = to_json(what);
    members.erase("type");
    return {type_of(what), {std::move(members)}};
}

event_data event_within(const events::resumed& told) {
    auto line = told.members.values;
    line["type"] = told.event;
    return event_from_json(std::move(line));
}

}  // namespace qh
