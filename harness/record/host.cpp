#include "record/host.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "base/text.hpp"

namespace qh {
namespace {

/// From /proc/cpuinfo, whose key for it differs between architectures.
std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        const auto key = trim(std::string_view(line).substr(0, colon));
        if (key == "model name" || key == "Model" || key == "uarch")
            return printable(trim(std::string_view(line).substr(colon + 1)));
    }
    return {};
}

}  // namespace

json describe_host() {
    json host = {{"cores", std::thread::hardware_concurrency()}};
    if (const auto name = processor_name(); !name.empty()) host["cpu"] = name;
    if (double load = 0; ::getloadavg(&load, 1) == 1) host["load"] = load;
    return host;
}

}  // namespace qh
