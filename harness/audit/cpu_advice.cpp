#include "audit/cpu_advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "riscv/extension.hpp"
#include "riscv/extension_version.hpp"

namespace qh {
namespace {

constexpr const char* not_there = "this QEMU does not have it";

/// Where an instruction set is at home that QEMU knows nothing of.
constexpr std::pair<std::string_view, std::string_view> homes[] = {
    {"v0p7", "T-Head's C906, C910 and C920 do, as xtheadvector"},
    {"xtheadvector", "T-Head's C906, C910 and C920 do"},
};

std::string why_unknown(const std::string& extension) {
    for (const auto& [name, home] : homes)
        if (name == extension) return fmt::format("{}; {}", not_there, home);
    if (const auto other = read_versioned_name(extension);
        other && find_extension(other->extension))
        return fmt::format("{}; build the file for the ratified version", not_there);
    return not_there;
}

class adviser {
  public:
    adviser(const program_survey& survey, const isa_audit& audit, const std::string& cpu,
            const cpu_asker& ask)
        : survey_(survey), audit_(audit), cpu_(cpu), ask_(ask) {}

    isa_advice advise() {
        isa_advice advice;
        for (const auto& [extension, files] : audit_.needs())
            advice.by_extension[extension] = for_extension(extension, files);
        if (!audit_.fits()) advice.for_all = for_all();
        if (!audit_.choosing().empty()) advice.for_choosing = for_choosing();
        return advice;
    }

  private:
    /// Alone where that is enough, else with the rest of what the same files lack: vector registers
    /// of some length need vectors.
    cpu_remedy for_extension(const std::string& extension,
                             const std::vector<isa_audit::file>& files) {
        if (!audit_.offer().is_known(extension)) return {std::nullopt, why_unknown(extension)};
        extension_set with_others;
        for (const auto& file : files)
            for (const auto& name : file.lacking)
                if (audit_.offer().is_known(name)) with_others.insert(name);
        std::string refusal;
        for (const auto& wanted : {extension_set{extension}, with_others}) {
            const auto candidate = cpu_with(wanted);
            const auto& opinion = opinion_on(candidate);
            if (opinion.offer && opinion.offer->lacking(with_implied({extension})).empty())
                return {candidate, ""};
            if (refusal.empty()) refusal = opinion.refusal;
        }
        if (refusal.empty()) return {std::nullopt, not_there};
        return {std::nullopt, fmt::format("QEMU refuses it together with the rest of -cpu {}: {}",
                                          printable(cpu_), printable(refusal))};
    }

    /// Another model may lack what the first had, so what is lacking then is added once.
    std::optional<std::string> for_all() {
        extension_set wanted;
        add_needs(audit_, wanted);
        auto cpu = cpu_that_has(wanted);
        if (cpu && !then(*cpu).fits()) {
            add_needs(then(*cpu), wanted);
            cpu = cpu_that_has(wanted);
        }
        return cpu && then(*cpu).fits() ? cpu : std::nullopt;
    }

    /// Of a -cpu that QEMU takes.
    isa_audit then(const std::string& cpu) { return {survey_, *opinion_on(cpu).offer}; }

    static void add_needs(const isa_audit& audit, extension_set& wanted) {
        for (const auto& [extension, files] : audit.needs()) wanted.insert(extension);
    }

    std::optional<std::string> for_choosing() {
        extension_set wanted;
        for (const auto& file : audit_.choosing())
            wanted.insert(file.lacking.begin(), file.lacking.end());
        return cpu_that_has(wanted);
    }

    std::optional<std::string> cpu_that_has(const extension_set& wanted) {
        if (!std::ranges::all_of(wanted,
                                 [&](const auto& name) { return audit_.offer().is_known(name); }))
            return std::nullopt;
        const auto candidate = cpu_with(wanted);
        const auto& opinion = opinion_on(candidate);
        const bool has_all = opinion.offer && opinion.offer->lacking(with_implied(wanted)).empty();
        return has_all ? std::optional(candidate) : std::nullopt;
    }

    /// A vendor's model gives way to one that may have more by itself.
    std::string cpu_with(const extension_set& wanted) {
        const auto required = with_implied(wanted);
        const auto candidate = audit_.offer().cpu_with(cpu_, audit_.offer().lacking(required));
        const auto model = candidate.substr(0, candidate.find(','));
        if (cpu_.starts_with(model)) return candidate;
        const auto& bare = opinion_on(model);
        return bare.offer ? bare.offer->cpu_with(model, bare.offer->lacking(required)) : candidate;
    }

    const cpu_opinion& opinion_on(const std::string& cpu) {
        const auto [known, is_new] = opinions_.try_emplace(cpu);
        if (is_new) known->second = ask_(cpu);
        return known->second;
    }

    const program_survey& survey_;
    const isa_audit& audit_;
    const std::string& cpu_;
    const cpu_asker& ask_;
    std::map<std::string, cpu_opinion> opinions_;
};

}  // namespace

isa_advice advise_cpus(const program_survey& survey, const isa_audit& audit, const std::string& cpu,
                       const cpu_asker& ask) {
    return adviser(survey, audit, cpu, ask).advise();
}

}  // namespace qh
