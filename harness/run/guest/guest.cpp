#include "run/guest/guest.hpp"

#include <utility>

namespace qh {

guest::guest(const scenario& what_, std::function<std::string()> random_word, line_use console_line,
             machine_port& machine_)
    : what(what_),
      machine(machine_),
      console(*what.watched),
      shell(random_word, what.machine.channel, console_line),
      values(what),
      sigill(what.machine.cpu),
      random_word_(std::move(random_word)),
      console_line_(console_line) {}

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
    shell = guest_shell(random_word_, what.machine.channel, console_line_);
    boot = {};
}

}  // namespace qh
