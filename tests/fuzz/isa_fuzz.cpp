// What reading an ELF file promises, whatever its bytes: nothing is read behind its end, what is
// wrong is the file's fault, and what an arch string names can be written and read again.
#include <fuzzer/FuzzedDataProvider.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/read/compressed_end.hpp"
#include "promise.hpp"
#include "riscv/attributes.hpp"
#include "riscv/cpu_offer.hpp"
#include "riscv/elf_isa.hpp"
#include "support/elf_bytes.hpp"

namespace {

class watched_source : public qh::byte_source {
  public:
    explicit watched_source(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    void read(std::uint64_t offset, std::span<char> into) const override {
        promise(offset <= bytes_.size() && into.size() <= bytes_.size() - offset,
                "nothing is read behind the end");
        bytes_.copy(into.data(), into.size(), offset);
    }

  private:
    std::string_view bytes_;
};

template <typename Work>
void blaming_the_file(Work work) {
    try {
        work();
    } catch (const qh::error& e) {
        promise(e.kind() == qh::fault::usage, "what is wrong is the file's fault");
        promise(qh::is_valid_utf8(qh::printable(e.what())), "the message can be shown");
    }
}

void look_at(const qh::extension_set& names) {
    const auto all = qh::with_implied(names);
    promise(qh::with_implied(all) == all, "nothing more is implied");
    qh::cpu_offer offer;
    offer.on_extension("i", true);
    const auto lacking = offer.lacking(all);
    for (const auto& name : lacking) promise(all.contains(name), "only what is required lacks");
    offer.cpu_with("rv64", lacking);
}

void read_arch(const std::string& text) {
    blaming_the_file([&] {
        const auto isa = qh::parse_isa_string(text);
        auto again = "rv" + std::to_string(isa.xlen);
        for (const auto& part : isa.parts) {
            // A version keeps digits in a name apart from what follows.
            again += (again.size() > 5 ? "_" : "") + part.name +
                     std::to_string(part.major.value_or(0)) + "p" +
                     std::to_string(part.minor.value_or(0));
        }
        promise(qh::parse_isa_string(again).names() == isa.names(), "it can be written again");
        look_at(isa.names());
    });
}

void read_elf(std::string_view bytes) {
    blaming_the_file([&] {
        const watched_source source(bytes);
        const auto isa = qh::read_elf_isa(source);
        if (!isa.is_riscv) return;
        look_at(isa.required);
        promise(!isa.found || isa.found->first_offset + 4 <= bytes.size(), "found in the file");
    });
}

std::string make_elf(FuzzedDataProvider& input) {
    qh::test::elf_builder file;
    file.has_sections = input.ConsumeBool();
    file.has_segments = input.ConsumeBool();
    file.has_interpreter = input.ConsumeBool();
    if (input.ConsumeBool())
        file.attributes = input.ConsumeBool()
                              ? qh::test::arch_section(input.ConsumeRandomLengthString(200))
                              : input.ConsumeRandomLengthString(200);
    if (input.ConsumeBool()) file.import("getauxval");
    if (input.ConsumeBool()) file.import(input.ConsumeRandomLengthString(50));
    file.code = input.ConsumeRandomLengthString(1000);
    auto bytes = file.bytes();
    while (input.remaining_bytes() >= 3)
        bytes[input.ConsumeIntegral<std::uint16_t>() % bytes.size()] =
            static_cast<char>(input.ConsumeIntegral<std::uint8_t>());
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    switch (input.ConsumeIntegralInRange(0, 4)) {
        case 0:
            read_arch(input.ConsumeRemainingBytesAsString());
            break;
        case 1:
            blaming_the_file([&] {
                const auto section = "A" + input.ConsumeRemainingBytesAsString();
                const auto found = qh::read_riscv_attributes(section);
                if (found.arch) read_arch(*found.arch);
            });
            break;
        case 2: {
            constexpr std::string_view beginnings[] = {{"\xfd"
                                                        "7zXZ\0",
                                                        6},
                                                       {"\x28\xb5\x2f\xfd", 4}};
            const auto bytes = std::string(beginnings[input.ConsumeBool()]) +
                               input.ConsumeRemainingBytesAsString();
            promise(qh::compressed_end(watched_source(bytes), 0) <= bytes.size(),
                    "ends in the file");
            break;
        }
        case 3:
            read_elf(input.ConsumeRemainingBytesAsString());
            break;
        default:
            read_elf(make_elf(input));
    }
    return 0;
}
