#include "scenario/machine_fields.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<std::string_view, channel_choice>, 3> channels = {
    {{"auto", channel_choice::automatic},
     {"console", channel_choice::console},
     {"virtio", channel_choice::virtio}}};

// Reading a value from a scenario.

void read_value(std::string& value, object_reader& reader, const std::string& key,
                const fs::path&) {
    value = reader.text(key, value);
}

void read_value(unsigned& value, object_reader& reader, const std::string& key, const fs::path&) {
    constexpr unsigned most = 512;
    value = static_cast<unsigned>(reader.number(key, value, most));
}

void read_value(std::uint64_t& value, object_reader& reader, const std::string& key,
                const fs::path&) {
    value = reader.memory(key, value);
}

void read_value(fs::path& value, object_reader& reader, const std::string& key,
                const fs::path& folder) {
    if (reader.has(key)) value = folder / reader.text(key);
}

void read_value(std::vector<fs::path>& value, object_reader& reader, const std::string& key,
                const fs::path& folder) {
    for (const auto& text : reader.texts(key)) value.push_back(folder / text);
}

void read_value(std::vector<std::string>& value, object_reader& reader, const std::string& key,
                const fs::path&) {
    value = reader.texts(key);
}

void read_value(channel_choice& value, object_reader& reader, const std::string& key,
                const fs::path&) {
    const auto found = channel_named(reader.text(key, std::string(name_of(value))));
    if (!found) throw reader.problem(key, "\"channel\" is \"auto\", \"console\" or \"virtio\"");
    value = *found;
}

/// A word that names a firmware, or a file's path.
void read_firmware(machine_request& machine, object_reader& reader, const std::string& key,
                   const fs::path& folder) {
    const auto name = reader.text(key, "");
    constexpr std::array<std::string_view, 4> known = {"u-boot", "uefi", "none", "default"};
    const bool is_word = name.find_first_of("/.") == std::string::npos;
    if (is_word && !name.empty() && std::ranges::find(known, name) == known.end())
        throw reader.problem(key, fmt::format("there is no firmware \"{}\"; it is one of {}, or a "
                                              "file's path",
                                              printable(name), fmt::join(known, ", ")));
    machine.firmware = name.find('/') == std::string::npos ? name : (folder / name).string();
}

// Taking a value from an option.

void take_text(std::string& value, const std::string& text) {
    value = text;
}

/// 0 says nothing.
void take_text(unsigned& value, const std::string& text) {
    unsigned number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || rest != end)
        throw usage_error("a machine has a whole number of harts, not '{}'", printable(text));
    if (number != 0) value = number;
}

void take_text(std::uint64_t& value, const std::string& text) {
    value = parse_memory(text);
}

void take_text(fs::path& value, const std::string& text) {
    value = text;
}

void take_text(std::vector<fs::path>& value, const std::string& text) {
    value.emplace_back(text);
}

void say_image(machine_request& machine, const std::string& text) {
    machine.image = text;
    machine.kernel.clear();
}

/// A kernel of one's own does not go with files that were chosen for another.
void say_kernel(machine_request& machine, const std::string& text) {
    machine.kernel = text;
    machine.image.clear();
    machine.initrd.clear();
    machine.drives.clear();
}

// A value in a record.

template <typename Value>
json to_record(const Value& value) {
    return value;
}

json to_record(const fs::path& value) {
    return value.string();
}

json to_record(const std::vector<fs::path>& value) {
    json texts = json::array();
    for (const auto& path : value) texts.push_back(path.string());
    return texts;
}

template <typename Value>
void from_record(Value& value, const json& recorded) {
    recorded.get_to(value);
}

void from_record(fs::path& value, const json& recorded) {
    value = recorded.get<std::string>();
}

void from_record(std::vector<fs::path>& value, const json& recorded) {
    for (const auto& text : recorded) value.emplace_back(text.get<std::string>());
}

// Rows.

/// A row whose functions are those of the member's type.
template <auto Member>
machine_field row(machine_field field) {
    if (!field.read)
        field.read = [](machine_request& machine, object_reader& reader, const std::string& key,
                        const fs::path& folder) {
            read_value(machine.*Member, reader, key, folder);
        };
    if constexpr (requires(machine_request machine) { take_text(machine.*Member, ""); })
        if (!field.say)
            field.say = [](machine_request& machine, const std::string& text) {
                take_text(machine.*Member, text);
            };
    if constexpr (requires(machine_config machine) { machine.*Member; }) {
        field.show = [](const machine_config& machine) { return to_record(machine.*Member); };
        field.restore = [](machine_config& machine, const json& recorded) {
            from_record(machine.*Member, recorded);
        };
    }
    return field;
}

std::vector<machine_field> all_rows() {
    using value = machine_option::value;
    using enum machine_record;
    using request = machine_request;
    return {
        row<&request::image>({.key = "image",
                              .option = {.name = "image",
                                         .type_name = "IMAGE",
                                         .help = "image to boot, built when it is not cached"},
                              .axis = 1,
                              .say = say_image}),
        row<&request::kernel>({.key = "kernel",
                               .option = {.name = "kernel",
                                          .type_name = "FILE",
                                          .help = "your own kernel instead of an image"},
                               .recorded = "kernel",
                               .records = {result, whole},
                               .say = say_kernel}),
        row<&request::initrd>({.key = "initrd",
                               .option = {.name = "initrd",
                                          .type_name = "FILE",
                                          .help = "initial RAM disk for --kernel"},
                               .recorded = "initrd",
                               .records = {whole}}),
        row<&request::drives>(
            {.key = "drives",
             .option = {.name = "drive",
                        .type_name = "FILE",
                        .help = "disk for the guest, never written to (repeatable)",
                        .takes = value::texts},
             .recorded = "drives",
             .records = {whole}}),
        row<&request::append>(
            {.key = "append",
             .option = {.name = "append",
                        .type_name = "TEXT",
                        .help = "kernel arguments besides console=ttyS0 panic=-1"},
             .axis = 6,
             .recorded = "append",
             .records = {result, whole}}),
        row<&request::cpu>({.key = "cpu",
                            .option = {.name = "cpu",
                                       .type_name = "CPU",
                                       .help = "as for QEMU's -cpu: rv64,v=true,vlen=256"},
                            .axis = 2,
                            .recorded = "cpu",
                            .records = {result, event_replay, whole}}),
        row<&request::harts>({.key = "smp",
                              .option = {.name = "smp",
                                         .type_name = "N",
                                         .help = "number of harts",
                                         .takes = value::number},
                              .axis = 3,
                              .recorded = "smp",
                              .records = {result, event_replay}}),
        row<&request::memory_bytes>(
            {.key = "memory",
             .option = {.name = "memory", .type_name = "SIZE", .help = "guest memory: 512M, 4G"},
             .axis = 4,
             .recorded = "memory_bytes",
             .records = {result, event_replay, whole}}),
        row<&request::qemu>(
            {.key = "qemu",
             .option = {.name = "qemu", .type_name = "PROGRAM", .help = "the QEMU to use"},
             .axis = 5,
             .recorded = "qemu",
             .records = {result, whole}}),
        row<&request::firmware>(
            {.key = "firmware", .recorded = "firmware", .records = {whole}, .read = read_firmware}),
        row<&request::channel>({.key = "channel"}),
        row<&request::extra_arguments>(
            {.key = "arguments", .recorded = "extra_arguments", .records = {whole}}),
    };
}

bool is_in(const machine_field& field, machine_record record) {
    return std::ranges::find(field.records, record) != field.records.end();
}

}  // namespace

std::string_view name_of(channel_choice choice) {
    return std::ranges::find(channels, choice, [](const auto& one) { return one.second; })->first;
}

std::optional<channel_choice> channel_named(std::string_view name) {
    const auto* const found =
        std::ranges::find(channels, name, [](const auto& one) { return one.first; });
    if (found == channels.end()) return std::nullopt;
    return found->second;
}

const std::vector<machine_field>& machine_fields() {
    static const auto rows = all_rows();
    return rows;
}

void apply_overrides(const machine_overrides& said, machine_request& machine) {
    const auto says = [&](const char* option) {
        const auto found = said.find(option);
        return found != said.end() && !found->second.empty() && !found->second.front().empty();
    };
    if (says("image") && says("kernel")) throw usage_error("give an image or --kernel, not both");
    // In the order of the rows: the kernel clears what the options after it may set.
    for (const auto& field : machine_fields())
        if (const auto found = said.find(field.option.name); found != said.end())
            for (const auto& text : found->second)
                if (!text.empty()) field.say(machine, text);
}

std::vector<std::string> machine_axes() {
    std::map<int, std::string> axes;
    for (const auto& field : machine_fields())
        if (field.axis != 0) axes[field.axis] = field.option.name;
    std::vector<std::string> names;
    for (const auto& [place, name] : axes) names.push_back(name);
    return names;
}

json describe_machine(const machine_config& machine, machine_record record) {
    json described = json::object();
    for (const auto& field : machine_fields())
        if (is_in(field, record)) described[field.recorded] = field.show(machine);
    return described;
}

void restore_machine(machine_config& machine, const json& described, machine_record record) {
    for (const auto& field : machine_fields())
        if (is_in(field, record)) field.restore(machine, described.at(field.recorded));
}

}  // namespace qh
