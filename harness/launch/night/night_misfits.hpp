// Which cells' guests need what their CPU lacks, known before the night's first boot.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "machine/machine_spec.hpp"

namespace qh {

class night_misfits {
  public:
    /// A cell that QEMU can start.
    void add(const machine_spec& machine);

    /// Looks at init, shell and C library of each distinct image on each CPU, and says what does
    /// not fit. The cells run all the same: only the guest's end decides.
    void tell(const std::function<void(const std::string&)>& say) const;

  private:
    struct pair {
        machine_spec machine;
        std::size_t cells = 0;
    };

    std::map<std::string, pair> pairs_;
};

}  // namespace qh
