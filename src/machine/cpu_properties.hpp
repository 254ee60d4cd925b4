// What QEMU says that its CPU has.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>

#include "machine/qmp_calls.hpp"

namespace qh {

struct cpu_properties {
    std::map<std::string, bool> extensions;  ///< by QEMU's names for them, and other switches
    std::optional<unsigned> vector_bits;     ///< told for CPUs without vectors, too
};

/// Asks for all properties of the first hart that are on or off. Throws an infrastructure error
/// where QEMU does not tell any.
boost::asio::awaitable<cpu_properties> ask_cpu_properties(qmp_calls& calls);

}  // namespace qh
