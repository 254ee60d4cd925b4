#include "machine/cpu_query.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// Shell scripts in QEMU's place. `greet` and `serve` speak QMP, of a hart with vectors of 256 bits
/// and one property that cannot be read.
class cpu_query_test : public test::in_temporary_folder {
  protected:
    std::string qemu(const std::string& script) const {
        const auto file = write("qemu", std::string(qmp) + script);
        fs::permissions(file, fs::perms::owner_all);
        return file.string();
    }

    fs::path outlived() const { return folder() / "outlived"; }

    /// A child of the script holds all that it has inherited until the test's folder goes, or it
    /// leaves a mark that it was waited for.
    static constexpr auto leave_child = R"script(
(for i in {1..600}; do [ -e "$0" ] || exit; sleep 0.1; done; touch "${0%/*}/outlived") &
)script";

  private:
    static constexpr auto qmp = R"script(#!/bin/bash
for word; do
    case $word in socket,id=qmp,fd=*) fd=${word##*=} ;; esac
done
properties='{"name": "v", "type": "bool"}, {"name": "broken", "type": "bool"}'
properties+=', {"name": "zicond", "type": "bool"}, {"name": "priv_spec", "type": "str"}'
properties+=', {"name": "vlen", "type": "uint16"}'
greet() {
    echo '{"QMP": {"version": {"qemu": {"major": 10, "minor": 0, "micro": 2}}}}' >&$fd
}
answer() { echo "{\"id\": $id, $1}" >&$fd; }
serve() {
    while read -r line <&$fd; do
        id=${line##*\"id\":}
        id=${id%\}*}
        case $line in
        *'"quit"'*) answer '"return": {}'; return ;;
        *'"qom-list"'*) answer "\"return\": [$properties]" ;;
        *'"v"'*) answer '"return": true' ;;
        *'"zicond"'*) answer '"return": false' ;;
        *'"vlen"'*) answer '"return": 256' ;;
        *'"qom-get"'*) answer '"error": {"class": "GenericError", "desc": "not that"}' ;;
        *) answer '"return": {}' ;;
        esac
    done
}
)script";
};

TEST_F(cpu_query_test, tells_what_qemu_says_of_its_hart) {
    const auto answer = ask_cpu(qemu("echo 'a warning' >&2; greet; serve"), "rv64");
    EXPECT_TRUE(answer.offer.present().contains("v"));
    EXPECT_FALSE(answer.offer.present().contains("zicond"));
    EXPECT_TRUE(answer.offer.is_known("zicond"));
    EXPECT_FALSE(answer.offer.is_known("broken"));
    EXPECT_THAT(answer.offer.lacking({"zvl256b"}), ElementsAre());
    EXPECT_THAT(answer.offer.lacking({"zvl512b"}), ElementsAre("zvl512b"));
    EXPECT_EQ(answer.warnings, "a warning\n");
}

TEST_F(cpu_query_test, of_a_qemu_that_ends_tells_how_and_its_words) {
    for (const auto* const before : {"", "greet\n", "greet; read -r line <&$fd\n"}) {
        const auto ask = [&] {
            ask_cpu(qemu(before + std::string("echo 'no such CPU' >&2; exit 3")), "bogus");
        };
        EXPECT_TRUE(test::fails_with(fault::infrastructure, ask));
        EXPECT_THAT(test::message_of(ask),
                    AllOf(HasSubstr("-cpu bogus: QEMU exited with status 3 before"),
                          HasSubstr("no such CPU")));
    }
}

TEST_F(cpu_query_test, of_what_is_no_qmp_is_an_infrastructure_error) {
    const auto ask = [&] { ask_cpu(qemu("echo hello >&$fd; serve"), "rv64"); };
    EXPECT_TRUE(test::fails_with(fault::infrastructure, ask));
}

TEST_F(cpu_query_test, waits_for_no_child_that_a_wrapper_leaves_behind) {
    const auto answer =
        ask_cpu(qemu(leave_child + std::string("echo 'a warning' >&2; greet; serve")), "rv64");
    EXPECT_TRUE(answer.offer.present().contains("v"));
    EXPECT_EQ(answer.warnings, "a warning\n");
    EXPECT_FALSE(fs::exists(outlived()));
}

TEST_F(cpu_query_test, has_a_wrappers_words_where_its_child_lives_on) {
    const auto ask = [&] {
        ask_cpu(qemu(leave_child + std::string("echo 'no such CPU' >&2; exit 3")), "bogus");
    };
    EXPECT_THAT(test::message_of(ask), HasSubstr("no such CPU"));
    EXPECT_FALSE(fs::exists(outlived()));
}

}  // namespace
}  // namespace qh
