// All that can be said of a machine, one row for each thing: from these rows come a scenario's
// keys, the options of `qharness run`, the axes of a matrix, and what records tell and restore.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/object_reader.hpp"
#include "scenario/machine_request.hpp"

namespace qh {

/// How the command line says a field.
struct machine_option {
    enum class value { text, number, texts };

    std::string name = {};  ///< without its dashes; empty: there is no such option
    std::string type_name = {}, help = {};
    value takes = value::text;
};

/// Which records of a machine there are.
enum class machine_record {
    result,        ///< what a run's result tells of its machine
    event_replay,  ///< what an engine needs to be told the run's events again
    whole          ///< what QEMU needs to replay the machine itself; it has one hart always
};

struct machine_field {
    std::string key;  ///< in a scenario's "machine"
    machine_option option = {};

    /// Place among the axes of a matrix, where the option's name is the axis; 0: it is none. Cells
    /// are named in this order, and the history knows cells by their names: it must not change.
    int axis = 0;

    std::string recorded = {};  ///< its key in the records that have it
    std::vector<machine_record> records = {};

    /// Reads the scenario's value, where there is one; paths are relative to `folder`. Throws
    /// `json_document::problem` on a wrong one.
    void (*read)(machine_request&, object_reader&, const std::string& key,
                 const std::filesystem::path& folder) = nullptr;
    /// Takes a value of the option, in place of the scenario's or, where the option takes several,
    /// besides them. Throws a usage error.
    void (*say)(machine_request&, const std::string& text) = nullptr;
    /// For records; set where `records` names one.
    json (*show)(const machine_config&) = nullptr;
    /// From what `show` returned; json's own exception on what it cannot have been.
    void (*restore)(machine_config&, const json&) = nullptr;
};

/// In the order of the command line's help.
const std::vector<machine_field>& machine_fields();

/// What a person says of a machine beside its scenario: values by the name of the option.
using machine_overrides = std::map<std::string, std::vector<std::string>>;

/// Has `said` go before what the scenario asks for; empty texts say nothing. Throws a usage error.
void apply_overrides(const machine_overrides& said, machine_request& machine);

/// The names of a matrix's axes that are machine fields, in their order.
std::vector<std::string> machine_axes();

/// The fields of that record by their `recorded` keys.
json describe_machine(const machine_config& machine, machine_record record);

/// Takes over the fields of that record. Throws json's own exception where `described` lacks one.
void restore_machine(machine_config& machine, const json& described, machine_record record);

}  // namespace qh
