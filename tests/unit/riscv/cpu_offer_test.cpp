#include "riscv/cpu_offer.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What QEMU tells of rv64, as far as it matters here.
cpu_offer rv64() {
    cpu_offer offer;
    for (const auto* name :
         {"i", "m", "a", "f", "d", "c", "zba", "zbb", "zbs", "zicsr", "zifencei"})
        offer.on_extension(name, true);
    for (const auto* name : {"v", "zvbb", "zicond", "zbkb", "b", "zve32x", "zve64d", "h"})
        offer.on_extension(name, false);
    offer.on_vector_bits(128);
    return offer;
}

std::vector<std::string> lacking(const cpu_offer& offer, std::string_view isa) {
    return offer.lacking(with_implied(parse_isa_string(isa).names()));
}

TEST(cpu_offer, lacks_nothing_that_it_has_or_that_programs_can_do_without) {
    EXPECT_THAT(lacking(rv64(), "rv64gc"), IsEmpty());
    EXPECT_THAT(lacking(rv64(), "rv64gcb"), IsEmpty());
    EXPECT_THAT(lacking(rv64(), "rv64gc_zihintpause_zkt_zic64b_svinval"), IsEmpty());
}

TEST(cpu_offer, names_what_it_lacks_without_what_that_implies) {
    EXPECT_THAT(lacking(rv64(), "rv64gcv"), ElementsAre("v"));
    EXPECT_THAT(lacking(rv64(), "rv64gcv_zvl256b_zicond"), ElementsAre("v", "zicond", "zvl256b"));
    EXPECT_THAT(lacking(rv64(), "rv64gc_zve64d"), ElementsAre("zve64d"));
    EXPECT_THAT(lacking(rv64(), "rv64gc_xtheadba"), ElementsAre("xtheadba"));
}

TEST(cpu_offer, names_a_shorthand_where_qemu_has_it) {
    cpu_offer bare;
    for (const auto* name : {"i", "zicsr", "m", "zifencei"}) bare.on_extension(name, true);
    for (const auto* name : {"a", "c", "d", "f"}) bare.on_extension(name, false);
    EXPECT_THAT(lacking(bare, "rv64gc"), ElementsAre("a", "c", "d"));
    EXPECT_THAT(lacking(bare, "rv64imb"), ElementsAre("zba", "zbb", "zbs"));
}

TEST(cpu_offer, has_vector_registers_as_long_as_qemu_says) {
    auto offer = rv64();
    offer.on_extension("v", true);
    EXPECT_THAT(lacking(offer, "rv64gcv_zvl128b"), IsEmpty());
    EXPECT_THAT(lacking(offer, "rv64gcv_zvl512b"), ElementsAre("zvl512b"));
    offer.on_vector_bits(512);
    EXPECT_THAT(lacking(offer, "rv64gcv_zvl512b"), IsEmpty());
}

TEST(cpu_offer, makes_a_cpu_of_what_is_lacking) {
    EXPECT_EQ(rv64().cpu_with("rv64", {"v", "zicond", "zvl256b"}),
              "rv64,v=true,zicond=true,vlen=256");
    EXPECT_EQ(rv64().cpu_with("rv64,vlen=128", {"zvl256b"}), "rv64,vlen=256");
}

TEST(cpu_offer, a_cpu_for_rv32_runs_nothing_for_rv64) {
    cpu_offer offer;
    offer.on_model("rv32,v=true");
    for (const auto* name : {"i", "m", "v"}) offer.on_extension(name, true);
    const auto required = with_implied({"i", "m"});
    EXPECT_THAT(offer.lacking(required), testing::ElementsAre("rv64i"));
    EXPECT_EQ(offer.cpu_with("rv32,v=true", offer.lacking(required)), "rv64");
    offer.on_model("rv64");
    EXPECT_THAT(offer.lacking(required), testing::IsEmpty());
}

}  // namespace
}  // namespace qh
