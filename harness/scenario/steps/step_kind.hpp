// What is known of each kind of step without running one: a row for each kind.
#pragma once

#include <string_view>

#include "base/units.hpp"

namespace qh {

/// An idle_timeout that is off: a command may be idle for as long as it likes.
inline constexpr Duration never{0};

/// What decides whether a step runs under --filter and --tag.
enum class step_selection_rule {
    by_name,         ///< the user's choice
    always,          ///< it serves the other steps
    if_rebooted_too  ///< left out where the last reboot is, since its user is logged in still
};

/// A row of the table. Every step's type has one as its member `kind`.
struct step_kind {
    std::string_view key;  ///< the member that makes a step one of this kind
    Duration timeout;      ///< where the step gives none
    Duration idle_timeout = never;
    /// The member that captured values are put into, or `member/member of it`; empty: none.
    std::string_view filled_in = {};
    bool is_code = false;        ///< that member is the guest's text, where braces are its own
    bool named_by_key = false;   ///< a step without a name is called after its kind alone
    bool has_output = false;     ///< exit, match, capture, measure … may stand beside its key
    bool gives_facts = false;    ///< it fills `guest.*`
    bool is_warm_point = false;  ///< later runs may start there
    bool reboots = false;        ///< nobody is logged in after it
    bool ends_guest = false;     ///< no step can come after it
    step_selection_rule selection = step_selection_rule::by_name;
};

/// Where in the guest a step works.
enum class step_place {
    nowhere,
    console,  ///< it types there, or waits for what is printed there
    shell     ///< it reaches the guest's shell, or has it execute commands
};

}  // namespace qh
