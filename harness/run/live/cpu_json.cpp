#include "run/live/cpu_json.hpp"

namespace qh {

json cpu_to_json(const cpu_properties& cpu) {
    json value = {{"on", json::array()}, {"off", json::array()}};
    for (const auto& [name, has] : cpu.extensions) value[has ? "on" : "off"].push_back(name);
    if (cpu.vector_bits) value["vlen"] = *cpu.vector_bits;
    return value;
}

cpu_properties cpu_from_json(const json& value) {
    cpu_properties cpu;
    for (const auto& name : value.at("on")) cpu.extensions[name.get<std::string>()] = true;
    for (const auto& name : value.at("off")) cpu.extensions[name.get<std::string>()] = false;
    if (value.contains("vlen")) cpu.vector_bits = value["vlen"].get<unsigned>();
    return cpu;
}

}  // namespace qh
