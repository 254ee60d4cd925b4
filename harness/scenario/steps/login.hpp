// The step "login": answers a getty's and login's questions until a shell answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct login_step {
    static constexpr step_kind kind = {.key = "login",
                                       .timeout = std::chrono::minutes(2),
                                       .idle_timeout = std::chrono::seconds(60),
                                       .filled_in = "login",
                                       .selection = step_selection_rule::if_rebooted_too};
    std::string user;
    std::string password;  ///< empty: none; one of the scenario's secrets

    std::vector<std::string_view> texts() const { return {user, password}; }
    step_place place() const { return step_place::shell; }
};

/// `"login": USER` or `{"user", "password"}`.
void read(step_reading& from, login_step& step);

}  // namespace qh
