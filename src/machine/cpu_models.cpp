#include "machine/cpu_models.hpp"

#include "base/text.hpp"
#include "process/tool.hpp"

namespace qh {

std::vector<std::string> cpu_models(const std::string& qemu) {
    tool_command help;
    help.argv = {qemu, "-M", "virt", "-cpu", "help"};
    help.package = "qemu-system-riscv";
    help.timeout = std::chrono::seconds(30);
    return read_cpu_help(run_tool(help));
}

std::vector<std::string> read_cpu_help(std::string_view text) {
    std::vector<std::string> models;
    for (const auto line : split_lines(text)) {
        // Only the models are indented; QEMU 8 writes them as "Available CPUs:", then "  rv64".
        if (!line.starts_with(' ')) continue;
        const auto words = trim(line);
        const auto name = words.substr(0, words.find_first_of(" \t"));
        if (!name.empty()) models.push_back(printable(name));
    }
    return models;
}

}  // namespace qh
