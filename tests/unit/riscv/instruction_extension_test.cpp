// Words as LLVM's assembler makes them, one or more for each extension.
#include "riscv/instruction_extension.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "riscv/extension.hpp"

namespace qh {
namespace {

struct encoded {
    std::uint32_t word;
    const char* assembly;
    const char* name;
    const char* extensions;
};

const encoded known[] = {
    {0x02c58533, "mul a0,a1,a2", "mul", "m|zmmul"},
    {0x02c5d53b, "divuw a0,a1,a2", "divuw", "m"},
    {0x1005a52f, "lr.w a0,(a1)", "lr.w", "a|zalrsc"},
    {0x1ab6352f, "sc.d.rl a0,a1,(a2)", "sc.d", "a|zalrsc"},
    {0x06b6352f, "amoadd.d.aqrl a0,a1,(a2)", "amoadd.d", "a|zaamo"},
    {0x00b6052f, "amoadd.b a0,a1,(a2)", "amoadd.b", "zabha"},
    {0x28b6252f, "amocas.w a0,a1,(a2)", "amocas.w", "zacas"},
    {0x28b6152f, "amocas.h a0,a1,(a2)", "amocas.h", "zabha"},
    {0x00d00073, "wrs.nto", "wrs.nto", "zawrs"},
    {0x0000100f, "fence.i", "fence.i", "zifencei"},
    {0x0ec5d533, "czero.eqz a0,a1,a2", "czero.eqz", "zicond"},
    {0x0015200f, "cbo.clean (a0)", "cbo.clean", "zicbom"},
    {0x0045200f, "cbo.zero (a0)", "cbo.zero", "zicboz"},
    {0x81f5c573, "mop.r.3 a0,a1", "mop.r", "zimop"},
    {0x6805c573, "hlv.w a0,(a1)", "hlv.w", "h"},
    {0x00852507, "flw fa0,8(a0)", "flw", "f"},
    {0x00c5f553, "fadd.s fa0,fa1,fa2", "fadd.s", "f|zfinx"},
    {0xa508, "c.fsd fa0,8(a0)", "c.fsd", "d"},
    {0x6ac5f543, "fmadd.d fa0,fa1,fa2,fa3", "fmadd.d", "d|zdinx"},
    {0x42058553, "fcvt.d.s fa0,fa1", "fcvt.d.s", "d|zdinx"},
    {0x00302573, "frcsr a0", "csr:fcsr", "f|zfinx"},
    {0x04c5f553, "fadd.h fa0,fa1,fa2", "fadd.h", "zfh|zhinx"},
    {0x40258553, "fcvt.s.h fa0,fa1", "fcvt.s.h", "zfh|zfhmin|zhinx|zhinxmin"},
    {0xf0160553, "fli.s fa0,0.5", "fli.s", "zfa"},
    {0x4485f553, "fcvt.bf16.s fa0,fa1", "fcvt.bf16.s", "zfbfmin"},
    {0x20c5a533, "sh1add a0,a1,a2", "sh1add", "zba"},
    {0x0a85951b, "slli.uw a0,a1,40", "slli.uw", "zba"},
    {0x0ac5e533, "max a0,a1,a2", "max", "zbb"},
    {0x60259513, "cpop a0,a1", "cpop", "zbb"},
    {0x40c5f533, "andn a0,a1,a2", "andn", "zbb|zbkb"},
    {0x6b85d513, "rev8 a0,a1", "rev8", "zbb|zbkb"},
    {0x0ac59533, "clmul a0,a1,a2", "clmul", "zbc|zbkc"},
    {0x0ac5a533, "clmulr a0,a1,a2", "clmulr", "zbc"},
    {0x2a159513, "bseti a0,a1,33", "bseti", "zbs"},
    {0x08c5c533, "pack a0,a1,a2", "pack", "zbkb"},
    {0x28c5c533, "xperm8 a0,a1,a2", "xperm8", "zbkx"},
    {0x3ac58533, "aes64ds a0,a1,a2", "aes64ds", "zknd"},
    {0x32c58533, "aes64es a0,a1,a2", "aes64es", "zkne"},
    {0x10459513, "sha512sum0 a0,a1", "sha512sum0", "zknh"},
    {0x10859513, "sm3p0 a0,a1", "sm3p0", "zksh"},
    {0x70c58533, "sm4ed a0,a1,a2,1", "sm4ed", "zksed"},
    {0x41c8, "c.lw a0,4(a1)", "c.lw", "c|zca"},
    {0x0505, "c.addi a0,1", "c.addi", "c|zca"},
    {0x8082, "c.jr ra", "c.jr", "c|zca"},
    {0x2522, "c.fldsp fa0,8(sp)", "c.fldsp", "d"},
    {0x9d61, "c.zext.b a0", "c.zext.b", "zcb"},
    {0x9d4d, "c.mul a0,a1", "c.mul", "zcb"},
    {0x6081, "c.mop.1", "c.mop", "zcmop"},
    {0x0c0072d7, "vsetvli t0,zero,e8,m1,ta,ma", "vsetvli", "v|zve32x"},
    {0xcd027057, "vsetivli zero,4,e32,m1,ta,ma", "vsetivli", "v|zve32x"},
    {0x02050087, "vle8.v v1,(a0)", "vle8.v", "v|zve32x"},
    {0x42055087, "vlseg3e16.v v1,(a0)", "vlseg<nf>e16.v", "v|zve32x"},
    {0x62850227, "vs4r.v v4,(a0)", "vs4r.v", "v|zve32x"},
    {0x0221b0d7, "vadd.vi v1,v2,3", "vadd.vi", "v|zve32x"},
    {0xb22550d7, "vfmacc.vf v1,fa0,v2", "vfmacc.vf", "v|zve32f"},
    {0x5208a0d7, "vid.v v1", "vid.v", "v|zve32x"},
    {0xc2202573, "csrr a0,vlenb", "csr:vlenb", "v|zve32x"},
    {0x062540d7, "vandn.vx v1,v2,a0", "vandn.vx", "zvbb|zvkb"},
    {0x4a2620d7, "vclz.v v1,v2", "vclz.v", "zvbb"},
    {0x3221a0d7, "vclmul.vv v1,v2,v3", "vclmul.vv", "zvbc"},
    {0xa22020f7, "vaesdm.vv v1,v2", "vaesdm.vv", "zvkned"},
    {0xbe21a0f7, "vsha2cl.vv v1,v2,v3", "vsha2cl.vv", "zvknhb|zvknha"},
    {0xa62820f7, "vsm4r.vs v1,v2", "vsm4r.vs", "zvksed"},
    {0xae21a0f7, "vsm3c.vi v1,v2,3", "vsm3c.vi", "zvksh"},
    {0xb221a0f7, "vghsh.vv v1,v2,v3", "vghsh.vv", "zvkg"},
    {0x4a2690d7, "vfwcvtbf16.f.f.v v1,v2", "vfwcvtbf16.f.f.v", "zvfbfmin"},
    {0xee3110d7, "vfwmaccbf16.vv v1,v2,v3", "vfwmaccbf16.vv", "zvfbfwma"},
    {0xc0002573, "rdcycle a0", "csr:cycle", "zicntr"},
    {0xc0702573, "csrr a0,hpmcounter7", "csr:hpmcounter7", "zihpm"},
    {0x01501573, "csrrw a0,seed,zero", "csr:seed", "zkr"},
    {0xc0001073, "unimp", "unimp", ""},
    {0x0000, "c.unimp", "unimp", ""},
};

TEST(instruction_extension, knows_instructions_of_each_extension) {
    for (const auto& one : known) {
        const auto found = find_instruction(one.word);
        ASSERT_TRUE(found) << one.assembly;
        EXPECT_EQ(found->name, one.name) << one.assembly;
        EXPECT_EQ(fmt::format("{}", fmt::join(found->extensions, "|")), one.extensions)
            << one.assembly;
    }
}

TEST(instruction_extension, every_extension_that_instructions_name_is_described) {
    for (const auto& one : known) {
        const auto found = find_instruction(one.word);
        for (const auto name : found->extensions) {
            const auto* const extension = find_extension(name);
            ASSERT_TRUE(extension) << name;
            EXPECT_FALSE(extension->title.empty()) << name;
        }
    }
}

TEST(instruction_extension, guesses_nothing) {
    const std::pair<std::uint32_t, const char*> unknown[] = {
        {0x00c58533, "add a0,a1,a2: every hart has it"},
        {0x00100073, "ebreak"},
        {0x00000073, "ecall"},
        {0x30200073, "mret"},
        {0x12000073, "sfence.vma"},
        {0xffffffff, "all ones, which no extension may take"},
        {0x0000000b, "a vendor's: custom-0"},
        {0x460020d7, "OPMVV with an unassigned funct6"},
        {0x4a0320d7 | 0xf8000, "VXUNARY0 with an unassigned operand"},
    };
    for (const auto& [word, why] : unknown) EXPECT_FALSE(find_instruction(word)) << why;
}

TEST(instruction_extension, of_a_compressed_word_only_the_lower_half_counts) {
    EXPECT_EQ(find_instruction(0xabcd8082)->name, "c.jr");
}

}  // namespace
}  // namespace qh
