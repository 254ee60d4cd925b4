#include "launch/night/night_misfits.hpp"

#include <fmt/format.h>

#include "audit/known_programs.hpp"
#include "audit/misfit.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "machine/cpu_query.hpp"

namespace qh {

void night_misfits::add(const machine_spec& machine) {
    json key = {machine.qemu, machine.cpu, machine.initrd.string(), machine.append};
    for (const auto& drive : machine.drives) key.push_back(drive.string());
    auto& pair = pairs_[dump(key)];
    pair.machine = machine;
    ++pair.cells;
}

void night_misfits::tell(const std::function<void(const std::string&)>& say) const {
    std::map<std::pair<std::string, std::string>, cpu_offer> offers;
    for (const auto& [key, pair] : pairs_) {
        const auto& machine = pair.machine;
        auto programs = look_at_programs(machine, [&](const std::string& file) {
                            say(fmt::format("looking at what the programs in {} need, this once",
                                            printable(file)));
                        }).programs;
        std::erase_if(programs, [](const auto& program) { return program.role == python_role; });
        if (programs.empty()) continue;
        try {
            const auto asked = offers.find({machine.qemu, machine.cpu});
            const auto& offer = asked != offers.end()
                                    ? asked->second
                                    : offers[{machine.qemu, machine.cpu}] =
                                          ask_cpu(machine.qemu, machine.cpu).offer;
            if (const auto found = find_misfit(programs, offer, machine.cpu))
                say(fmt::format("{}: {}",
                                pair.cells == 1 ? "one cell" : fmt::format("{} cells", pair.cells),
                                found->text));
        } catch (const error& e) {
            say(e.what());
        }
    }
}

}  // namespace qh
