// Does a Buildroot configuration bring what building PyTorch needs? The decision, without any I/O.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "audit/buildroot_config.hpp"
#include "audit/requirement_table.hpp"
#include "base/enum_names.hpp"

namespace qh {

struct audit_options {
    double min_disk_bytes = 15.0 * (1u << 30);
    /// Requirements that come from elsewhere: an overlay, a script, a tree of one's own.
    std::set<std::string> provided;
};

struct audit_finding {
    enum class state { present, missing, advised, unknown };
    BOOST_DESCRIBE_NESTED_ENUM(state, present, missing, advised, unknown)

    requirement what;
    state is = state::unknown;
    std::string by;                     ///< of what is present: what brings it
    std::vector<std::string> idle;      ///< what is set in vain: "BR2_PACKAGE_CLANG (line 7)"
    std::vector<std::string> foreign;   ///< what is set, but only another tree knows
    std::vector<config_setting> lines;  ///< to be added
};

/// What `table` asks for, in its order.
class build_audit {
  public:
    build_audit(const buildroot_config& config, const std::vector<requirement>& table,
                const audit_options& options);

    const std::vector<audit_finding>& findings() const& { return findings_; }
    std::vector<audit_finding> findings() && { return std::move(findings_); }
    std::vector<std::string> names(audit_finding::state state) const;
    bool is_ready() const { return names(audit_finding::state::missing).empty(); }

    /// Of all findings, each symbol once.
    std::vector<config_setting> lines_to_add() const;

  private:
    audit_finding judge(const requirement& what) const;
    bool holds(const config_condition& condition) const;
    std::string place_of(const std::string& symbol) const;
    std::string what_brings(const requirement& what) const;
    std::vector<config_setting> unmet(const requirement& what) const;

    const buildroot_config& config_;
    const audit_options& options_;
    std::vector<audit_finding> findings_;
};

}  // namespace qh
