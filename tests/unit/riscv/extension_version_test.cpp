#include "riscv/extension_version.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::Contains;
using testing::Not;

extension_set names(std::string_view isa) {
    return parse_isa_string(isa).names();
}

TEST(extension_version, a_draft_is_another_instruction_set) {
    for (const auto& [isa, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"rv64gc_v0p7", "v0p7"},
             {"rv64gc_v0p10_zvl128b0p10", "v0p10"},
             {"rv64gc_zvlsseg0p7", "zvlsseg0p7"},
             {"rv64gc_zba0p92", "zba0p92"},
             {"rv64gc_v2p0", "v2p0"},
             {"rv64gc_v0", "v0p0"}}) {
        EXPECT_THAT(names(isa), Contains(name)) << isa;
        EXPECT_THAT(names(isa), Not(Contains("v"))) << isa;
        EXPECT_FALSE(with_implied(names(isa)).contains("zve32x")) << isa;
    }
}

TEST(extension_version, ratified_ones_and_drafts_that_did_not_change_go_by_the_name) {
    EXPECT_EQ(names("rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_v1p0_zba1p0_zvl128b1p0"),
              (extension_set{"i", "m", "a", "f", "d", "c", "v", "zba", "zvl128b"}));
    EXPECT_EQ(names("rv64gcv_zba0p93_zfa0p2_ztso0p1"),
              (extension_set{"g", "c", "v", "zba", "zfa", "ztso"}));
    // Hints do no harm in any version, and vendors count their own.
    EXPECT_EQ(names("rv64e1p9_zicfilp0p4_xtheadba0p1"),
              (extension_set{"e", "zicfilp", "xtheadba"}));
}

TEST(extension_version, a_name_tells_its_version) {
    const auto draft = read_versioned_name("v0p10");
    ASSERT_TRUE(draft);
    EXPECT_EQ(draft->extension, "v");
    EXPECT_EQ(draft->version, "0.10");
    for (const auto* const name : {"v", "zvl128b", "sv39", "zve64d", "zcmp", "zp1", "0p7", ""})
        EXPECT_FALSE(read_versioned_name(name)) << name;
}

TEST(extension_version, only_a_number_makes_a_vector_length) {
    EXPECT_EQ(vector_register_bits("zvl128b"), 128u);
    for (const auto* const name :
         {"zvlsseg", "zvlb", "zvl128", "zvl12xb", "zvl-1b", "zvl9999999999b"})
        EXPECT_FALSE(vector_register_bits(name)) << name;
}

}  // namespace
}  // namespace qh
