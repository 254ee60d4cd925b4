// From a journal's entries to an engine.
#pragma once

#include "replay/journal.hpp"
#include "run/engine.hpp"

namespace qh {

/// Whether an engine was told this: see event.hpp.
bool is_told_to_engine(const std::string& type);

/// Whether an engine told this.
bool is_told_by_engine(const std::string& type);

/// Tells an engine once more what it was told, until somebody was attached or the machine ended.
/// Throws json's own exception on an entry that is none of its type; the engine has not heard of it
/// then.
class engine_feed {
  public:
    /// `engine` must outlive this.
    explicit engine_feed(engine& engine) : engine_(engine) {}

    void tell(const journal_entry& entry);

    /// Whether a person has the machine now.
    bool attached() const { return attached_; }

  private:
    engine& engine_;
    bool started_ = false, attached_ = false, ended_ = false;
};

}  // namespace qh
