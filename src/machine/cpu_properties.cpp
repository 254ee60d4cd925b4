#include "machine/cpu_properties.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"

namespace qh {
namespace {

namespace asio = boost::asio;

constexpr const char* hart = "/machine/soc0/harts[0]";
constexpr const char* vector_bits = "vlen";

/// A property that QEMU lists and does not tell is none of the CPU's.
asio::awaitable<json> value_of(qmp_calls& calls, std::string name) {
    const json which = {{"path", hart}, {"property", name}};
    try {
        co_return co_await calls.call("qom-get", which);
    } catch (const error&) {
        if (calls.closed()) throw;
    }
    co_return json();
}

}  // namespace

asio::awaitable<cpu_properties> ask_cpu_properties(qmp_calls& calls) {
    const json path = {{"path", hart}};
    const auto listed = co_await calls.call("qom-list", path);
    if (!listed.is_array()) throw infrastructure_error("QEMU does not list its hart's properties");
    cpu_properties found;
    for (const auto& property : listed) {
        const auto name = property.value("name", ""), type = property.value("type", "");
        if (type != "bool" && name != vector_bits) continue;
        const auto value = co_await value_of(calls, name);
        if (value.is_boolean()) found.extensions[name] = value.get<bool>();
        if (name == vector_bits && value.is_number_unsigned())
            found.vector_bits = value.get<unsigned>();
    }
    co_return found;
}

}  // namespace qh
