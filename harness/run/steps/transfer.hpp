// A file on its way into the guest or out of it: what uploads and downloads share.
#pragma once

#include <memory>

#include "run/guest/file_transfer.hpp"
#include "run/steps/shell_command.hpp"

namespace qh {

class running_transfer : public command_in_shell {
  public:
    std::optional<step_end> advance(guest& on) override;

  protected:
    void begin_transfer(std::unique_ptr<file_transfer> transfer, guest& on);

    /// The file has arrived whole: adds what the record is to say of it.
    virtual void on_arrived(const file_transfer&, json&, guest&) {}

  private:
    std::unique_ptr<file_transfer> transfer_;
};

}  // namespace qh
