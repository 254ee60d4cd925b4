#include "run/guest/guest.hpp"

#include <utility>

namespace qh {

namespace {

line_use line_of(const guest_rules& rules) {
    return rules.checks_commands ? line_use::shared : line_use::shared_unchecked;
}

}  // namespace

guest_rules guest_rules::of_format(int journal_version) {
    const bool as_now = journal_version >= 4;
    return {as_now, as_now};
}

guest::guest(const scenario& what_, std::function<std::string()> random_word, guest_rules rules,
             machine_port& machine_)
    : what(what_),
      machine(machine_),
      console(*what.watched),
      shell(random_word, what.machine.channel, line_of(rules)),
      boot(rules.lets_login_rest),
      values(what),
      sigill(what.machine.cpu),
      random_word_(std::move(random_word)),
      rules_(rules) {}

void guest::type(std::string_view bytes) {
    console.on_typed(bytes);
    machine.send_console(bytes);
}

void guest::type_out() {
    if (const auto typing = shell.take_typing(); !typing.empty()) type(typing);
    if (const auto typing = shell.take_channel_typing(); !typing.empty())
        machine.send_channel(typing);
}

void guest::execute(std::string code) {
    shell.execute({shell_request::language::shell, std::move(code)}, now);
}

void guest::expect(std::vector<expected_pattern> patterns) {
    console.expect(std::move(patterns));
    rest.on_expecting(now);
}

void guest::expect_nothing() {
    console.stop_expecting();
    rest.on_expecting_nothing();
}

void guest::settle() {
    if (const auto rested_long = rest.settle(now)) console.settle(*rested_long);
}

void guest::begin_anew() {
    console.on_reset();
    shell = guest_shell(random_word_, what.machine.channel, line_of(rules_));
    boot = boot_watch(rules_.lets_login_rest);
}

}  // namespace qh
