// The table of what building PyTorch needs (scenarios/lib/pytorch_build/requirements.txt).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// A condition on one symbol of a Buildroot configuration.
struct config_condition {
    enum class kind { is_on, is_not_off, is_larger };

    std::string symbol;
    kind what = kind::is_on;
    std::string size;  ///< of is_larger: "15G", or "min_disk"
};

/// A line of a configuration; `value` as it stands there, quotes included.
struct config_setting {
    std::string symbol;
    std::string value;

    std::string line() const { return symbol + "=" + value; }
};

/// One requirement; the table's own comment tells what its members mean.
struct requirement {
    std::string name;
    bool is_required = false;
    std::string minimum, proof, why, without, unknown, note;
    std::vector<std::vector<config_condition>> given_by;
    std::vector<config_setting> mend;
    std::vector<std::string> with, idle, own_tree;
};

/// Reads a table. `file` names it in errors. Throws a usage error that points at the line.
std::vector<requirement> parse_requirements(std::string_view text, const std::string& file);

/// The table that qharness ships.
std::vector<requirement> load_requirements();

}  // namespace qh
