// That a machine cannot be, as opposed to what befalls one.
#pragma once

#include "base/error.hpp"

namespace qh {

/// An infrastructure error that another try would meet again: QEMU refuses the machine, is too old
/// or cannot be started.
class machine_refusal : public error {
  public:
    explicit machine_refusal(const std::string& message) : error(fault::infrastructure, message) {}
};

}  // namespace qh
