// The QEMU Machine Protocol as a state machine without I/O
// (QEMU documentation, "QEMU Machine Protocol Specification").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace qh {

struct qmp_message {
    enum class kind { greeting, event, reply, failure };
    kind kind;
    /// event: its name. failure: QEMU's own description.
    std::string text;
    /// reply and failure: the id that `command` returned.
    std::uint64_t id = 0;
    /// greeting: the version object; event: its data; reply: the return value.
    json data;
};

/// QEMU's version as its greeting tells it.
struct qemu_version {
    int major = 0, minor = 0, micro = 0;
    auto operator<=>(const qemu_version&) const = default;
    std::string text() const;
};

/// One QMP connection: bytes from QEMU in, messages out, and the text of commands.
class qmp_session {
  public:
    /// Appends each message that `bytes` completes. Throws an infrastructure error on what is no
    /// QMP, and on a message of more than 4 MiB.
    void feed(std::string_view bytes, std::vector<qmp_message>& messages);

    /// The line to send for a command; `id` gets the id that its reply will carry.
    std::string command(const std::string& name, const json& arguments, std::uint64_t& id);

  private:
    std::string partial_;
    std::uint64_t last_id_ = 0;
};

/// Throws an infrastructure error where `greeting` is of another shape.
qemu_version version_of(const qmp_message& greeting);

}  // namespace qh
