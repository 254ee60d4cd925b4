#include "audit/cpu_advice.hpp"

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "support/elf_bytes.hpp"

namespace qh {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* conflict = "Zcmp/Zcmt extensions are incompatible with Zcd extension";

/// A QEMU with a few extensions, which refuses zcmp beside c and d, as the real one does.
class cpu_advice : public testing::Test {
  protected:
    cpu_opinion ask(const std::string& cpu) {
        asked.push_back(cpu);
        cpu_opinion opinion{cpu_offer(), {}};
        extension_set on = {"i", "m", "a", "f", "d", "c", "zicsr", "zifencei"};
        if (cpu.starts_with("vendor")) on.insert("zba");
        if (cpu.starts_with("rv32")) opinion.offer->on_model("rv32");
        unsigned bits = 128;
        for (std::string_view rest = cpu; rest.find(',') != rest.npos;) {
            rest.remove_prefix(rest.find(',') + 1);
            const auto setting = rest.substr(0, rest.find(','));
            const auto name = std::string(setting.substr(0, setting.find('=')));
            if (name == "vlen")
                bits = static_cast<unsigned>(std::stoul(std::string(setting.substr(5))));
            else if (!known.contains(name))
                return {std::nullopt, "Property 'rv64-riscv-cpu." + name + "' not found"};
            else
                on.insert(name);
        }
        if (on.contains("zcmp")) return {std::nullopt, conflict};
        for (const auto& name : known) opinion.offer->on_extension(name, on.contains(name));
        opinion.offer->on_vector_bits(bits);
        return opinion;
    }

    void add(const std::string& path, std::string_view arch) {
        test::elf_builder file;
        file.attributes = test::arch_section(arch);
        const auto bytes = file.bytes();
        const text_source source(bytes);
        survey.add({path, &source, {}});
    }

    isa_advice advise(const std::string& cpu = "rv64") {
        const auto offer = *ask(cpu).offer;
        const isa_audit audit(survey, offer);
        return advise_cpus(survey, audit, cpu,
                           [this](const std::string& other) { return ask(other); });
    }

    const extension_set known = {"i",     "m",        "a", "f",   "d",   "c",
                                 "zicsr", "zifencei", "v", "zba", "zcmp"};
    program_survey survey;
    std::vector<std::string> asked;
};

TEST_F(cpu_advice, each_extension_alone_where_that_is_enough) {
    add("a", "rv64gcv_zvl512b_zba_xmine");
    const auto advice = advise();
    EXPECT_EQ(advice.by_extension.at("v").cpu, "rv64,v=true");
    EXPECT_EQ(advice.by_extension.at("zba").cpu, "rv64,zba=true");
    EXPECT_EQ(advice.by_extension.at("zvl512b").cpu, "rv64,v=true,zba=true,vlen=512");
    EXPECT_EQ(advice.by_extension.at("xmine").cpu, std::nullopt);
    EXPECT_EQ(advice.by_extension.at("xmine").why_not, "this QEMU does not have it");
    EXPECT_EQ(advice.for_all, std::nullopt);
}

TEST_F(cpu_advice, is_none_that_qemu_refuses_and_has_its_words) {
    add("a", "rv64imafd_zca_zcmp");
    const auto advice = advise();
    EXPECT_EQ(advice.by_extension.at("zcmp").cpu, std::nullopt);
    EXPECT_THAT(advice.by_extension.at("zcmp").why_not,
                testing::AllOf(HasSubstr("QEMU refuses it together with the rest of -cpu rv64"),
                               HasSubstr(conflict)));
    EXPECT_EQ(advice.for_all, std::nullopt);
}

TEST_F(cpu_advice, never_has_vectors_for_a_draft_of_them) {
    add("a", "rv64gc_v0p7_zvlsseg0p7_xtheadc2p0");
    add("b", "rv64gc_v0p10_zvl128b0p10");
    const auto advice = advise();
    for (const auto* const name : {"v0p7", "v0p10", "zvlsseg0p7", "xtheadc"})
        EXPECT_EQ(advice.by_extension.at(name).cpu, std::nullopt) << name;
    EXPECT_THAT(advice.by_extension.at("v0p7").why_not, HasSubstr("xtheadvector"));
    EXPECT_EQ(advice.by_extension.size(), 4u);
    EXPECT_EQ(advice.for_all, std::nullopt);
    EXPECT_THAT(asked, Each(Not(HasSubstr("v=true"))));
}

TEST_F(cpu_advice, has_what_a_model_had_that_gave_way_to_another) {
    add("a", "rv64gcv_zba");
    EXPECT_EQ(advise("vendor").for_all, "rv64,v=true,zba=true");
    const auto for_rv64 = advise("rv32");
    EXPECT_EQ(for_rv64.by_extension.at("rv64i").cpu, "rv64");
    EXPECT_EQ(for_rv64.for_all, "rv64,v=true,zba=true");
}

TEST_F(cpu_advice, for_all_was_asked_as_a_whole) {
    add("a", "rv64gcv");
    add("b", "rv64gc_zba");
    EXPECT_EQ(advise().for_all, "rv64,v=true,zba=true");
    EXPECT_THAT(asked, testing::Contains("rv64,v=true,zba=true"));
}

}  // namespace
}  // namespace qh
