// A machine that is no more: it gives QMP's ids and places of files as the real one did.
#pragma once

#include <map>
#include <string>

#include "record/run_directory.hpp"
#include "replay/recording.hpp"
#include "run/engine.hpp"

namespace qh {

/// What an engine does to it is left to whoever derives from this.
class recorded_machine : public machine_port {
  public:
    /// `recorded` must outlive this.
    explicit recorded_machine(const recording& recorded) : recorded_(recorded) {}

    std::uint64_t execute(const std::string& command, const json& arguments) override {
        const auto key = qmp_key(command, arguments);
        const auto found = recorded_.qmp_ids.find(key);
        auto& asked = asked_[key];
        // What was never asked was never answered; no id is so large.
        if (found == recorded_.qmp_ids.end() || asked == found->second.size())
            return std::uint64_t(-1) - unanswered_++;
        return found->second[asked++];
    }

    std::string keep_file(const std::string& name, std::string_view) override {
        return run_directory::place_of_file(name);
    }

    /// What became of it is recorded.
    void save_warm_point() override {}

  private:
    const recording& recorded_;
    std::map<std::string, std::size_t> asked_;
    std::uint64_t unanswered_ = 0;
};

}  // namespace qh
