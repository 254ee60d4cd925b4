// Mends what QEMU before 10.2 forgets of a saved guest: that its harts' timers are to ring.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>
#include <string_view>

namespace qh {

/// A packet of the GDB Remote Serial Protocol (GDB manual, "Overview" of appendix E).
std::string gdb_packet(std::string_view content);

/// The number that GDB's protocol has for the CSR stimecmp, from QEMU's riscv-csr.xml; throws an
/// infrastructure error where that is of another shape.
unsigned stimecmp_number(std::string_view csr_xml);

/// Through QEMU's GDB stub on `stub`: writes each hart's stimecmp (Sstc, priv. spec. "Supervisor
/// Timer") as it is, which has QEMU set its timer. The machine must be paused. Throws an
/// infrastructure error where the stub does not answer as it should.
boost::asio::awaitable<void> rearm_timers(boost::asio::local::stream_protocol::socket& stub,
                                          unsigned harts);

/// Takes leave of the stub, which lets the guest run.
boost::asio::awaitable<void> leave_stub(boost::asio::local::stream_protocol::socket& stub);

}  // namespace qh
