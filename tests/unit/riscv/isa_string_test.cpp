#include "riscv/isa_string.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"

namespace qh {
namespace {

using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

/// "rv64 i2p1 m v?": what was read, to compare it at a glance.
std::string shown(std::string_view text) {
    const auto isa = parse_isa_string(text);
    auto out = fmt::format("rv{}", isa.xlen);
    for (const auto& part : isa.parts) {
        out += " " + part.name;
        if (part.major) out += fmt::format("-{}", *part.major);
        if (part.minor) out += fmt::format(".{}", *part.minor);
    }
    return out;
}

TEST(isa_string, reads_names_and_versions) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"rv64i", "rv64 i"},
        {"rv64gc", "rv64 g c"},
        {"rv32e1p9", "rv32 e-1.9"},
        {"rv128imac", "rv128 i m a c"},
        {"RV64IMAFDC_Zicsr", "rv64 i m a f d c zicsr"},
        {"rv64i2p1_m2p0_a2p1", "rv64 i-2.1 m-2.0 a-2.1"},
        {"rv64i2m3", "rv64 i-2 m-3"},
        {"rv64gcp", "rv64 g c p"},
        {"rv64g2p", "rv64 g-2 p"},
        {"rv64izba_zbb", "rv64 i zba zbb"},
        {"rv64i_zvl128b", "rv64 i zvl128b"},
        {"rv64i_zvl128b1p0", "rv64 i zvl128b-1.0"},
        {"rv64i_zve32x1p0", "rv64 i zve32x-1.0"},
        {"rv64i_zic64b2", "rv64 i zic64b-2"},
        {"rv64i_za64rs1p0", "rv64 i za64rs-1.0"},
        {"rv64i_zfh1", "rv64 i zfh-1"},
        {"rv64i_xtheadba1p0", "rv64 i xtheadba-1.0"},
        {"rv64i_svinval_sv39", "rv64 i svinval sv39"},
        {"rv64i_zp1p2", "rv64 i zp-1.2"},
        {"rv64i_v1p0_zba1p0", "rv64 i v-1.0 zba-1.0"},
    };
    for (const auto& [text, expected] : cases) EXPECT_EQ(shown(text), expected) << text;
}

TEST(isa_string, tells_what_is_wrong_and_where) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "character 1: expected rv32"},
        {"x86_64", "character 1: expected rv32"},
        {"rv16i", "expected rv32, rv64 or rv128"},
        {"rv64", "character 5: expected the base"},
        {"rv64m", "character 5: expected the base"},
        {"rv64i_", "ends with an underscore"},
        {"rv64i__m", "character 7: expected an extension's name"},
        {"rv64i m", "character 6: expected an extension's name"},
        {"rv64imm", "m stands there twice"},
        {"rv64i_zba_zba1p0", "zba stands there twice"},
        {"rv64i_z", "character 7: an extension's name is too short"},
        {"rv64i_z1p0", "too short"},
        {"rv64i_zb\xff", "letters and digits only"},
        {"rv64i123456", "too many digits"},
        {"rv64i_zba1p999999", "too many digits"},
        {std::string(5000, 'a'), "5000 characters"},
    };
    for (const auto& [text, words] : cases)
        EXPECT_THAT(message_of([&] { parse_isa_string(text); }), HasSubstr(words)) << text;
}

TEST(isa_string, adds_what_extensions_imply) {
    EXPECT_THAT(with_implied({"d"}), ElementsAre("d", "f", "zicsr"));
    EXPECT_THAT(with_implied({"g", "c"}),
                IsSupersetOf({"i", "m", "a", "zmmul", "zalrsc", "zca", "zcd", "zifencei"}));
    EXPECT_THAT(with_implied({"v"}), IsSupersetOf({"zve64d", "zve32f", "zve32x", "zvl128b",
                                                   "zvl64b", "zvl32b", "d", "f", "zicsr"}));
    EXPECT_THAT(with_implied({"zk"}), IsSupersetOf({"zkn", "zbkb", "zknd", "zkr", "zkt"}));
    EXPECT_THAT(with_implied({"zvl512b"}),
                ElementsAre("zvl128b", "zvl256b", "zvl32b", "zvl512b", "zvl64b"));
    EXPECT_THAT(with_implied({"xanything"}), ElementsAre("xanything"));
    EXPECT_FALSE(with_implied({"c", "f"}).contains("zcd"));
}

TEST(isa_string, knows_what_a_program_can_do_without) {
    for (const auto* name : {"zihintpause", "zkt", "zicbop", "svinval", "supm"})
        EXPECT_TRUE(is_passive(name)) << name;
    for (const auto* name : {"v", "zba", "zicboz", "zimop", "xtheadba", "s"})
        EXPECT_FALSE(is_passive(name)) << name;
}

}  // namespace
}  // namespace qh
