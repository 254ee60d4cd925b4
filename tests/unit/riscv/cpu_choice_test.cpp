#include "riscv/cpu_choice.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using names = std::set<std::string, std::less<>>;
const names gc = {"m", "a", "f", "d", "c"};

TEST(cpu_choice, adds_or_replaces_the_one_property) {
    const struct {
        const char *cpu, *extension, *expected;
    } cases[] = {
        {"rv64", "v", "rv64,v=true"},
        {"rv64,v=false", "v", "rv64,v=true"},
        {"rv64,v=off,vlen=256", "v", "rv64,v=true,vlen=256"},
        {"rva22s64,v=false", "v", "rva22s64,v=true"},
        {"rv64,vext_spec=v1.0", "v", "rv64,vext_spec=v1.0,v=true"},
        {"rv64,zba=false,zbb=false", "zba", "rv64,zba=true,zbb=false"},
        {"max,v=false,v=off", "v", "max,v=true,v=true"},
    };
    for (const auto& one : cases)
        EXPECT_EQ(cpu_with(one.cpu, one.extension, gc), one.expected) << one.cpu;
}

TEST(cpu_choice, brings_what_qemu_wants_with_it) {
    EXPECT_EQ(cpu_with("rv64", "zvbb", gc), "rv64,v=true,zvbb=true");
    EXPECT_EQ(cpu_with("rv64,v=false,zvbb=false", "zvbb", gc), "rv64,v=true,zvbb=true");
    EXPECT_EQ(cpu_with("rv64,d=false", "v", names{"m", "a", "f", "c"}), "rv64,d=true,v=true");
    EXPECT_EQ(cpu_with("rv64i", "v", names{}), "rv64i,f=true,d=true,v=true");
    EXPECT_EQ(cpu_with("rv64i", "zacas", names{"c"}), "rv64i,a=true,zacas=true");
}

TEST(cpu_choice, a_vendors_model_gives_way_to_one_that_may_have_more) {
    EXPECT_EQ(cpu_with("sifive-u54", "v", gc), "rv64,v=true");
    EXPECT_EQ(cpu_with("thead-c906,mmu=true", "zicond", gc), "rv64,zicond=true");
    EXPECT_EQ(cpu_with("", "v", gc), "rv64,v=true");
}

TEST(cpu_choice, march_names_what_is_there) {
    EXPECT_EQ(march_of(gc), "rv64gc");
    EXPECT_EQ(march_of(names{"m", "a", "f", "d", "v", "zba"}), "rv64g");
    EXPECT_EQ(march_of(names{"m", "a", "c"}), "rv64imac");
    EXPECT_EQ(march_of(names{}), "rv64i");
}

}  // namespace
}  // namespace qh
