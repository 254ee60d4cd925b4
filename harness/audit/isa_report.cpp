#include "audit/isa_report.hpp"

#include <fmt/ranges.h>

#include <set>
#include <string_view>

#include "base/text.hpp"
#include "riscv/extension.hpp"
#include "riscv/extension_version.hpp"

namespace qh {
namespace {

constexpr std::size_t shown_files = 20;

std::string count_of(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string title_of(const std::string& extension) {
    if (const auto bits = vector_register_bits(extension))
        return fmt::format("{}, vector registers of {} bits", extension, *bits);
    if (const auto other = read_versioned_name(extension)) {
        const auto* const ratified = find_extension(other->extension);
        return ratified
                   ? fmt::format("{} {}, another instruction set than the ratified {} extension",
                                 other->extension, other->version, ratified->title)
                   : fmt::format("{} {}, which was never ratified", other->extension,
                                 other->version);
    }
    const auto* const known = find_extension(extension);
    return known ? fmt::format("{}, the {} extension", extension, known->title)
                 : "extension " + extension;
}

/// How it is known what a file needs.
std::string reason_for(const elf_isa& isa) {
    if (isa.arch) return printable(*isa.arch);
    const auto why = isa.problem.empty() ? "no attributes" : printable(isa.problem);
    if (!isa.found) return why + "; by its flags";
    return fmt::format("{}; vector code at 0x{:x}", why, isa.found->first_offset);
}

/// `line` makes a line of one of them; the text says how many are left out.
template <typename Range, typename Line>
std::string shown(const Range& range, Line line) {
    std::string text;
    std::size_t count = 0;
    for (const auto& one : range)
        if (++count <= shown_files) text += fmt::format("  {}\n", line(one));
    if (count > shown_files)
        text += fmt::format("  and {} more; --json has them all\n", count - shown_files);
    return text;
}

std::string headline(const isa_question& question, const isa_audit& audit) {
    return fmt::format("{}: {}, {}, {} for RV64\n", printable(question.path), question.tree.kind,
                       count_of(question.tree.files, "file"),
                       count_of(audit.programs(), "ELF file"));
}

std::string needs_text(const isa_question& question, const isa_audit& audit) {
    std::string text;
    std::set<std::string_view> explained;
    for (const auto& [extension, files] : audit.needs()) {
        const auto& remedy = question.advice.by_extension.at(extension);
        text += fmt::format("\n{} ({} need{} it): {}\n", title_of(extension),
                            count_of(files.size(), "file"), files.size() == 1 ? "s" : "",
                            remedy.cpu ? "--cpu " + printable(*remedy.cpu) : remedy.why_not);
        // What a file's attributes say is long, so it stands there once.
        text += shown(files, [&](const auto& file) {
            const auto path = printable(file.path);
            return explained.insert(file.path).second ? path + "  " + reason_for(*file.isa) : path;
        });
    }
    return text;
}

std::string choosing_text(const isa_question& question, const isa_audit& audit) {
    if (audit.choosing().empty()) return {};
    const auto& cpu = question.advice.for_choosing;
    return fmt::format(
               "\nmay be used: asked for by the attributes, or without any seen in the code, but "
               "chosen at run time by all signs ({}; {}):\n",
               count_of(audit.choosing().size(), "file"),
               cpu ? fmt::format("--cpu {} has it all", printable(*cpu))
                   : "this QEMU was found to have no CPU with all of it") +
           shown(audit.choosing(), [](const auto& file) {
               return fmt::format("{}  {}: {}", printable(file.path), fmt::join(file.lacking, ","),
                                  file.isa->choice);
           });
}

std::string found_text(const isa_audit& audit) {
    if (audit.found().empty()) return {};
    return fmt::format(
               "\nmay be used: found in the text, guarded or not; the attributes do not ask for it "
               "({}):\n",
               count_of(audit.found().size(), "file")) +
           shown(audit.found(), [](const auto& file) {
               const auto& found = *file.isa->found;
               return fmt::format("{}  {}: vset* {}, first at 0x{:x}", printable(file.path),
                                  fmt::join(found.extensions, ","),
                                  found.count == 1 ? "once" : fmt::format("{} times", found.count),
                                  found.first_offset);
           });
}

std::string notes_text(const isa_question& question, const program_survey& survey,
                       const isa_audit& audit) {
    std::vector<std::string> notes;
    for (const auto& [machine, count] : audit.others())
        notes.push_back(fmt::format("{} for {}", count_of(count, "ELF file"), machine));
    for (const auto& [path, program] : survey.programs())
        if (!program.unreadable.empty())
            notes.push_back(fmt::format("{} says that it is an ELF file, but {}", printable(path),
                                        printable(program.unreadable)));
    for (const auto& note : question.tree.notes) notes.push_back(note);
    if (notes.empty()) return {};
    return "\nleft out:\n" + shown(notes, [](const auto& note) { return note; });
}

std::string verdict_text(const isa_question& question, const program_survey& survey,
                         const isa_audit& audit) {
    const auto cpu = printable(question.cpu);
    if (audit.programs() == 0) return "\nthere is no file for RV64 in it that could be judged\n";
    if (audit.fits() && !survey.all_readable())
        return fmt::format("\n-cpu {} has what those need that could be read, and not all could\n",
                           cpu);
    if (audit.fits()) return fmt::format("\n-cpu {} has what all of them need\n", cpu);
    const auto advice = question.advice.for_all
                            ? "all run with --cpu " + printable(*question.advice.for_all)
                            : "this QEMU was found to have no CPU for all of them";
    return fmt::format("\n-cpu {} lacks what {} need{}; {}\n", cpu,
                       count_of(audit.misfits(), "file"), audit.misfits() == 1 ? "s" : "", advice);
}

std::string_view float_abi(const elf_isa& isa) {
    constexpr std::string_view names[] = {"soft", "single", "double", "quad"};
    return names[isa.flags >> 1 & 3];
}

json describe(const isa_audit::file& file) {
    return {{"path", valid_utf8(file.path)}, {"reason", reason_for(*file.isa)}};
}

json describe(const std::string& path, const program_survey::program& program) {
    json one = {{"path", valid_utf8(path)}};
    const auto& isa = program.isa;
    if (!program.unreadable.empty()) {
        one["unreadable"] = valid_utf8(program.unreadable);
        return one;
    }
    one["class"] = isa.xlen;
    if (!isa.is_riscv) {
        one["machine"] = isa.machine;
        return one;
    }
    one["abi"] = isa.abi();
    one["rvc"] = isa.uses_compressed();
    one["float"] = float_abi(isa);
    one["arch"] = isa.arch ? json(valid_utf8(*isa.arch)) : json();
    one["required"] = isa.required;
    if (!isa.choice.empty()) {
        one["optional"] = isa.optional;
        one["choice"] = isa.choice;
    }
    if (isa.found)
        one["found"] = {{"extensions", isa.found->extensions},
                        {"count", isa.found->count},
                        {"first_offset", isa.found->first_offset}};
    if (!isa.problem.empty()) one["problem"] = valid_utf8(isa.problem);
    return one;
}

}  // namespace

std::string isa_text(const isa_question& question, const program_survey& survey,
                     const isa_audit& audit) {
    return headline(question, audit) + needs_text(question, audit) +
           choosing_text(question, audit) + found_text(audit) +
           notes_text(question, survey, audit) + verdict_text(question, survey, audit);
}

json isa_json(const isa_question& question, const program_survey& survey, const isa_audit& audit) {
    json needs = json::array(), choosing = json::array(), found = json::array();
    json elf_files = json::array();
    for (const auto& [extension, files] : audit.needs()) {
        json one = {{"extension", extension}, {"files", json::array()}};
        const auto& remedy = question.advice.by_extension.at(extension);
        one["cpu"] = remedy.cpu ? json(*remedy.cpu) : json();
        if (!remedy.cpu) one["why_no_cpu"] = valid_utf8(remedy.why_not);
        for (const auto& file : files) one["files"].push_back(describe(file));
        needs.push_back(one);
    }
    for (const auto& file : audit.choosing()) choosing.push_back(valid_utf8(file.path));
    for (const auto& file : audit.found()) found.push_back(valid_utf8(file.path));
    for (const auto& [path, program] : survey.programs())
        elf_files.push_back(describe(path, program));
    return {{"path", question.path},
            {"kind", question.tree.kind},
            {"cpu", question.cpu},
            {"fits", audit.fits()},
            {"files", question.tree.files},
            {"programs", audit.programs()},
            {"misfits", audit.misfits()},
            {"cpu_for_all", question.advice.for_all ? json(*question.advice.for_all) : json()},
            {"needs", needs},
            {"choosing", choosing},
            {"found", found},
            {"other_machines", audit.others()},
            {"notes", question.tree.notes},
            {"elf_files", elf_files}};
}

}  // namespace qh
