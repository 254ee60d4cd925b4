// Journals of format 2, in which engines talked QMP themselves.
#pragma once

#include <map>
#include <string>

#include "run/engine.hpp"

namespace qh {

/// Tells an engine of today what such a journal has of QMP.
class old_qmp {
  public:
    void on_command(const events::qmp_in& sent);
    void tell(const events::qmp& message, engine& engine, time_point when);

  private:
    void on_answer(const std::string& property, const json& value, engine& engine, time_point when);

    std::map<std::uint64_t, std::string>
        questions_;       ///< the CPU's properties, by the commands' ids
    cpu_properties cpu_;  ///< not told yet
    std::set<std::string> answered_;
    bool complete_ = false;
};

}  // namespace qh
