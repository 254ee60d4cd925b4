// A machine that is no more: it gives places of files as the real one did.
#pragma once

#include <string>

#include "record/run_directory.hpp"
#include "run/guest/machine_port.hpp"

namespace qh {

/// What an engine does to it is left to whoever derives from this.
class recorded_machine : public machine_port {
  public:
    std::string keep_file(const std::string& name, std::string_view) override {
        return run_directory::place_of_file(name);
    }

    /// What became of it is recorded.
    void save_warm_point() override {}
};

}  // namespace qh
