// How to run, besides what and on what machine.
#pragma once

#include <filesystem>
#include <string>

#include "run/live/run_session.hpp"

namespace qh {

struct run_settings {
    std::filesystem::path out = "runs";  ///< the folder that gets the runs' own folders
    double timeout_multiplier = 1;       ///< on every timeout
    unsigned retries = 0;                ///< further attempts at a scenario that did not pass
    attach_when attach = attach_when::never;
    bool cold = false;            ///< whether warm points are neither used nor left
    bool record_machine = false;  ///< instruction by instruction
    std::string again = {};       ///< the command that runs the same, for a shell; empty: none does
};

}  // namespace qh
