// From a journal's entries to an engine.
#pragma once

#include "replay/journal.hpp"
#include "replay/old_qmp.hpp"
#include "run/engine.hpp"

namespace qh {

/// Whether an engine told this.
bool is_told_by_engine(const std::string& type);

/// Tells an engine once more what it was told, until somebody was attached or the machine ended.
/// Throws json's own exception on an entry that is none of its type; the engine has not heard of it
/// then.
class engine_feed {
  public:
    /// `engine` must outlive this.
    engine_feed(engine& engine, int journal_version);

    /// Whether an engine was told this: see event.hpp.
    bool is_told_to_engine(const std::string& type) const;

    void tell(const journal_entry& entry);

    /// Whether a person has the machine now.
    bool attached() const { return attached_; }

  private:
    void connect(const json& data, time_point when);

    engine& engine_;
    const bool has_old_qmp_;
    old_qmp old_qmp_;
    bool started_ = false, attached_ = false, ended_ = false;
};

}  // namespace qh
