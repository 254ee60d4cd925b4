// What the engine and its steps do to a machine.
#pragma once

#include <string>
#include <string_view>

namespace qh {

class machine_port {
  public:
    virtual ~machine_port() = default;
    virtual void send_console(std::string_view bytes) = 0;
    virtual void send_channel(std::string_view bytes) = 0;
    virtual void stop() = 0;
    /// Saves the guest for later runs, if it is to be; `engine::on_warm_point` is told the end.
    virtual void save_warm_point() = 0;
    /// Keeps a file that the guest has given; returns where, for the record.
    virtual std::string keep_file(const std::string& name, std::string_view content) = 0;
};

}  // namespace qh
