#include "replay/log_evidence.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/enum_names.hpp"
#include "base/overloaded.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

/// What a command is typed behind: a prompt's mark, or a word in parentheses.
constexpr const char* prompt_regex = R"(^(?:\([\w ]+\)|[^\n]{0,300}?(?:[#$%>❯✗]|➜ +\S+)) *)";

std::string regex_for(boot_state state) {
    switch (state) {
        case boot_state::kernel:
            return R"(Linux version \d)";
        case boot_state::init:
            // systemd names the distribution and its version; a loader only itself.
            return R"(Run \S+ as init process|^Welcome to \S+ [^!]*!|INIT: version \d|OpenRC [\d.]+ is starting|systemd\[1\]: systemd \S+ running)";
        case boot_state::login:
            // "Last login: …" names a day.
            return R"((?:^|[\w.)-] )login:(?: ?[\w.@-]*\s*$| *\[ *\d+\.\d))";
        case boot_state::shell:
            break;
    }
    return {};
}

/// What a terminal shows of what was typed: its first line.
std::string echo_of(const std::string& typed) {
    const auto text = std::string(trim(typed));
    return text.substr(0, text.find_first_of("\r\n"));
}

std::vector<expected_pattern> behind_a_prompt(const std::string& echo) {
    if (echo.empty()) return {};
    return {{prompt_regex + re2::RE2::QuoteMeta(echo) + R"(\s*$)"}};
}

log_evidence of_command(const std::string& code, const text_filler& filled) {
    if (echo_of(code).empty()) return {};
    const auto echo = echo_of(filled(code));
    return {.patterns = behind_a_prompt(echo), .echo = echo};
}

}  // namespace

log_evidence evidence_of(const step_action& action, const text_filler& filled) {
    return std::visit(
        overloaded{
            [](const boot_step& boot) -> log_evidence {
                log_evidence evidence = {
                    .absence =
                        fmt::format("the log does not get as far as \"{}\"", name_of(boot.until)),
                    .keeps_line = true,
                    .by_prompt = boot.until == boot_state::shell};
                if (!evidence.by_prompt) evidence.patterns = {{regex_for(boot.until)}};
                return evidence;
            },
            [](const expect_step& expect) -> log_evidence {
                return {.patterns = expect.patterns,
                        .outcomes = expect.outcomes,
                        .absence = expect.text() + " is not in the log"};
            },
            [&](const send_step& send) -> log_evidence {
                if (echo_of(send.text).empty()) return {};
                return {.patterns = behind_a_prompt(echo_of(filled(send.text)))};
            },
            [&](const login_step& login) -> log_evidence {
                return {.patterns = {{R"(\blogin: ?)" + re2::RE2::QuoteMeta(filled(login.user)) +
                                      R"(\s*$)"}}};
            },
            [&](const run_step& run) { return of_command(run.code, filled); },
            [&](const python_step& python) { return of_command(python.code, filled); },
            [](const facts_step&) { return log_evidence(); },
            [](const upload_step&) { return log_evidence(); },
            [](const download_step&) { return log_evidence(); },
            [](const measure_step&) { return log_evidence(); },
            [](const wait_step&) { return log_evidence(); },
            [](const warm_step&) { return log_evidence(); },
            [](const reboot_step&) -> log_evidence {
                return {.patterns = {{R"(reboot: (?:Restarting|System halted))"}}};
            },
            [](const poweroff_step&) -> log_evidence {
                return {.patterns = {{R"(reboot: (?:Power down|System halted)|Power down\.?$)"}}};
            }},
        action);
}

}  // namespace qh
