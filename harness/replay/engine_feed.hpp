// From a journal's events to an engine.
#pragma once

#include "replay/old_qmp.hpp"
#include "run/engine.hpp"

namespace qh {

/// Tells an engine once more what it was told, until somebody was attached or the machine ended.
class engine_feed {
  public:
    /// `engine` must outlive this.
    engine_feed(engine& engine, int journal_version);

    /// Whether an engine was told this.
    bool is_told_to_engine(const event_data& what) const;

    void tell(const event& told);

    /// Whether a person has the machine now.
    bool attached() const { return attached_; }

  private:
    void connect(const events::connected& machine, time_point when);
    void end(const events::machine_ended& machine, time_point when);

    engine& engine_;
    const bool has_old_qmp_;
    old_qmp old_qmp_;
    bool started_ = false, attached_ = false, ended_ = false;
};

}  // namespace qh
