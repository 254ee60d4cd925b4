#include "audit/isa_audit.hpp"

#include <gmock/gmock.h>

#include "audit/isa_report.hpp"
#include "support/elf_bytes.hpp"

namespace qh {
namespace {

using test::arch_section;
using test::code_bytes;
using test::elf_builder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

class isa_audit_of_a_tree : public testing::Test {
  protected:
    isa_audit_of_a_tree() {
        for (const auto* name : {"i", "m", "a", "f", "d", "c", "zicsr", "zifencei"})
            offer.on_extension(name, true);
        for (const auto* name : {"v", "zba"}) offer.on_extension(name, false);
        offer.on_vector_bits(128);
    }

    void add(const std::string& path, const std::string& bytes) {
        const text_source source(bytes);
        survey.add({path, &source, {}});
    }

    void add_arch(const std::string& path, std::string_view arch, const char* import = nullptr) {
        elf_builder file;
        file.attributes = arch_section(arch);
        if (import) file.import(import);
        add(path, file.bytes());
    }

    static elf_builder with_vector_code() {
        elf_builder file;
        std::vector<std::uint32_t> code(40, 0x00000013);
        code[25] = 0x0c0072d7;
        file.code = code_bytes(code);
        return file;
    }

    std::vector<std::string> needing(const isa_audit& audit, const std::string& extension) const {
        std::vector<std::string> paths;
        if (const auto found = audit.needs().find(extension); found != audit.needs().end())
            for (const auto& file : found->second) paths.push_back(file.path);
        return paths;
    }

    /// The same CPU for whatever is lacking.
    static isa_advice advice_for(const isa_audit& audit) {
        isa_advice advice;
        for (const auto& [extension, files] : audit.needs())
            advice.by_extension[extension] = {"rv64,v=true", ""};
        if (!audit.fits()) advice.for_all = "rv64,v=true";
        return advice;
    }

    std::string text() const {
        const isa_audit audit(survey, offer);
        return isa_text({"rootfs", "rv64", {"folder", 9, {}}, advice_for(audit)}, survey, audit);
    }

    program_survey survey;
    cpu_offer offer;
};

TEST_F(isa_audit_of_a_tree, groups_files_by_what_they_lack) {
    add_arch("init", "rv64gc");
    add_arch("a", "rv64gcv");
    add_arch("b", "rv64gcv_zvl256b");
    add_arch("c", "rv64gc_zba_xmine");
    const isa_audit audit(survey, offer);
    EXPECT_FALSE(audit.fits());
    EXPECT_EQ(audit.programs(), 4u);
    EXPECT_EQ(audit.misfits(), 3u);
    EXPECT_THAT(needing(audit, "v"), ElementsAre("a", "b"));
    EXPECT_THAT(needing(audit, "zvl256b"), ElementsAre("b"));
    EXPECT_THAT(needing(audit, "zba"), ElementsAre("c"));
    EXPECT_THAT(text(), HasSubstr("v, the vector extension (2 files need it): --cpu rv64,v=true\n"
                                  "  a  rv64gcv\n  b  rv64gcv_zvl256b\n"));
    EXPECT_THAT(text(), HasSubstr("zvl256b, vector registers of 256 bits (1 file needs it): --cpu "
                                  "rv64,v=true\n  b\n"))
        << "an arch string stands there once";
    EXPECT_THAT(text(), HasSubstr("-cpu rv64 lacks what 3 files need; all run with --cpu "));
}

TEST_F(isa_audit_of_a_tree, names_drafts_and_says_what_has_no_cpu) {
    add_arch("a", "rv64gc_v0p7_zvlsseg0p7");
    const isa_audit audit(survey, offer);
    EXPECT_FALSE(audit.fits());
    auto advice = advice_for(audit);
    advice.by_extension.at("v0p7") = {std::nullopt, "nobody has it"};
    const isa_question question{"rootfs", "rv64", {}, advice};
    const auto shown = isa_text(question, survey, audit);
    EXPECT_THAT(shown,
                HasSubstr("v 0.7, another instruction set than the ratified vector extension "
                          "(1 file needs it): nobody has it\n"));
    EXPECT_THAT(shown, HasSubstr("zvlsseg 0.7, which was never ratified (1 file needs it)"));
    const auto document = isa_json(question, survey, audit);
    EXPECT_EQ(document["needs"][0]["cpu"], json());
    EXPECT_EQ(document["needs"][0]["why_no_cpu"], "nobody has it");
}

TEST_F(isa_audit_of_a_tree, fits_where_vectors_are_chosen_at_run_time) {
    add_arch("libblas.so", "rv64gcv_zvl256b", "getauxval");
    auto guarded = with_vector_code();
    guarded.attributes = arch_section("rv64gc");
    add("libc.so", guarded.bytes());
    const isa_audit audit(survey, offer);
    EXPECT_TRUE(audit.fits());
    EXPECT_THAT(text(), HasSubstr("libblas.so  v,zvl256b: imports getauxval"));
    EXPECT_THAT(text(), HasSubstr("libc.so  v: vset* once, first at 0x264"));
    EXPECT_THAT(text(), HasSubstr("-cpu rv64 has what all of them need"));
}

TEST_F(isa_audit_of_a_tree, does_not_fit_where_vector_code_has_no_attributes) {
    add("vtest", with_vector_code().bytes());
    EXPECT_THAT(needing(isa_audit(survey, offer), "v"), ElementsAre("vtest"));
    EXPECT_THAT(text(), HasSubstr("vtest  no attributes; vector code at 0x264"));
    offer.on_extension("v", true);
    EXPECT_TRUE(isa_audit(survey, offer).fits());
}

TEST_F(isa_audit_of_a_tree, leaves_out_what_is_not_for_this_machine) {
    elf_builder other;
    other.header.e_machine = EM_X86_64;
    add("tool", other.bytes());
    add("cut", other.bytes().substr(0, 30));
    const isa_audit audit(survey, offer);
    EXPECT_TRUE(audit.fits());
    EXPECT_EQ(audit.programs(), 0u);
    EXPECT_THAT(audit.others(), ElementsAre(Pair("x86-64", 1)));
    EXPECT_THAT(text(), HasSubstr("cut says that it is an ELF file, but the ELF header"));
}

TEST_F(isa_audit_of_a_tree, the_last_file_of_a_path_counts) {
    add_arch("init", "rv64gcv");
    survey.add({"init", nullptr, {}});
    EXPECT_TRUE(isa_audit(survey, offer).fits());
}

TEST_F(isa_audit_of_a_tree, text_of_hostile_files_is_harmless_and_json_is_valid) {
    auto file = with_vector_code();
    file.attributes = test::attributes_section(std::string("\5rv64i\x1b]0;x\a\xff\0", 13));
    add("\x1b[2J\xff", file.bytes());
    EXPECT_THAT(text(), Not(HasSubstr("\x1b")));
    const isa_audit audit(survey, offer);
    const auto document = isa_json({"rootfs", "rv64", {}, advice_for(audit)}, survey, audit);
    EXPECT_EQ(parse_json(dump(document, 2)), document);
}

TEST_F(isa_audit_of_a_tree, shows_some_of_many_files) {
    for (int i = 0; i < 30; ++i) add_arch(fmt::format("file{}", i), "rv64gcv");
    EXPECT_THAT(text(), HasSubstr("  and 10 more; --json has them all\n"));
}

TEST(program_survey, finds_a_path_through_links_as_a_guest_does) {
    program_survey survey;
    const std::pair<const char*, const char*> links[] = {
        {"bin", "usr/bin"},    {"usr/bin/sh", "busybox"},
        {"sbin", "/usr/sbin"}, {"usr/sbin/init", "../bin/sh"},
        {"loop", "loop"},      {"up", "../../../etc"}};
    for (const auto& [path, target] : links) survey.add({path, nullptr, target});
    const std::pair<const char*, const char*> cases[] = {{"/bin/sh", "usr/bin/busybox"},
                                                         {"sbin/init", "usr/bin/busybox"},
                                                         {"/init", "init"},
                                                         {"loop", "loop"},
                                                         {"up/passwd", "etc/passwd"},
                                                         {"/", ""}};
    for (const auto& [path, expected] : cases) EXPECT_EQ(survey.resolve(path), expected) << path;
}

}  // namespace
}  // namespace qh
