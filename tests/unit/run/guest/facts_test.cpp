#include "run/guest/facts.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <array>
#include <cstdio>
#include <memory>

#include "scenario/fact_names.hpp"

namespace qh {
namespace {

using names = std::set<std::string>;

TEST(read_facts, takes_what_it_knows) {
    const struct {
        const char* output;
        fact_map facts;
    } cases[] = {
        {"", {}},
        {"kernel=6.12.0\narch=riscv64\n", {{"guest.kernel", "6.12.0"}, {"guest.arch", "riscv64"}}},
        {"isa=\nharts=2\n", {{"guest.harts", "2"}}},
        {"a line\nsecret=x\nkernel\n=y\n", {}},
        {"distro= debian \r\n", {{"guest.distro", "debian"}}},
        {"init=a=b\n", {{"guest.init", "a=b"}}},
        {"arch=\x1b[2J\n", {{"guest.arch", "\\x1b[2J"}}},
        {"arch=one\narch=two\n", {{"guest.arch", "two"}}},
    };
    for (const auto& c : cases) EXPECT_EQ(read_facts(c.output), c.facts) << c.output;
}

TEST(read_facts, tells_only_facts_that_scenarios_may_name) {
    std::string output;
    for (const auto name : fact_names())
        if (name.starts_with("guest.")) output += fmt::format("{}=1\n", name.substr(6));
    auto told = read_facts(output + "other=1\n");
    told.merge(compare_isa("", {}, {}));
    told["guest.memory_percent"] = "";  // the engine's own
    std::set<std::string_view> names, of_guest;
    for (const auto& [name, value] : told) names.insert(name);
    for (const auto name : fact_names())
        if (name.starts_with("guest.")) of_guest.insert(name);
    EXPECT_EQ(names, of_guest);
}

TEST(isa_extensions, are_letters_and_names) {
    const struct {
        const char* line;
        names extensions;
    } cases[] = {
        {"rv64imac", {"i", "m", "a", "c"}},
        {"rv64ima_zicsr_zba", {"i", "m", "a", "zicsr", "zba"}},
        {"rv32e", {"e"}},
        {"rv64i__zba_", {"i", "zba"}},
        {"rv64", {}},
        {"", {}},
    };
    for (const auto& c : cases) EXPECT_EQ(isa_extensions(c.line), c.extensions) << c.line;
}

TEST(compare_isa, holds_only_what_was_asked_against_the_guest) {
    const struct {
        const char* line;
        names asked, offered;
        const char *missing, *extra;
    } cases[] = {
        {"rv64im_zba", {"i", "m", "zba"}, {"i", "m", "zba"}, "none", "none"},
        {"rv64im", {"i", "v", "zba"}, {"i", "v", "zba"}, "v,zba", "none"},
        {"rv64imv", {"i", "v"}, {"i"}, "none", "v"},
        {"rv64imv", {}, {}, "none", "none"},
        {"", {"i"}, {"i"}, "i", "none"},
    };
    for (const auto& c : cases) {
        const auto facts = compare_isa(c.line, c.asked, c.offered);
        EXPECT_EQ(facts.at("guest.isa_missing"), c.missing) << c.line;
        EXPECT_EQ(facts.at("guest.isa_extra"), c.extra) << c.line;
    }
    EXPECT_TRUE(comparable_extensions().contains("v"));
}

TEST(facts_script, works_in_the_hosts_shell) {
    const auto command = "sh -c '" + [] {
        std::string quoted;
        for (const char c : facts_script()) quoted += c == '\'' ? "'\\''" : std::string(1, c);
        return quoted;
    }() + "' 2>&1";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    ASSERT_TRUE(pipe);
    std::string output;
    std::array<char, 4096> buffer;
    while (const auto got = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
        output.append(buffer.data(), got);
    const auto facts = read_facts(output);
    utsname host{};
    ::uname(&host);
    EXPECT_EQ(facts.at("guest.kernel"), host.release);
    EXPECT_EQ(facts.at("guest.arch"), host.machine);
    for (const char* name : {"guest.harts", "guest.memory_mib"})
        EXPECT_GT(std::stoul(facts.at(name)), 0u) << output;
}

}  // namespace
}  // namespace qh
