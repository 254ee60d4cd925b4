// What QEMU says of its CPU.
#include "run/engine.hpp"

namespace qh {

/// Holds the guest against its machine: QEMU knows which extensions the CPU has.
void engine::ask_isa() {
    auto names = comparable_extensions();
    names.merge(instruction_extensions());
    names.insert(fit_.questions().begin(), fit_.questions().end());
    for (const auto& name : names)
        isa_questions_[guest_.machine.execute(
            "qom-get", {{"path", "/machine/soc0/harts[0]"}, {"property", name}})] = name;
}

/// QEMU's answer to one of `ask_isa`'s questions; null where it has no such property.
void engine::note_property(const std::string& name, const json& value) {
    if (auto misfit = fit_.on_answer(name, value)) {
        guest_.sigill.on_misfit(fit_.of_init());
        emit("isa_warning", std::move(*misfit));
    }
    if (!value.is_boolean()) return;
    const bool has = value.get<bool>();
    guest_.sigill.on_extension(name, has);
    guest_.values.on_extension(name, has);
}

}  // namespace qh
