#include "cli/manual/man_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"

namespace qh {
namespace {

/// Text as roff prints it: nothing of it is a request or an escape.
std::string roff(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (safe.empty() || safe.back() == '\n')) safe += "\\&";
        if (c == '\\')
            safe += "\\e";
        else if (c == '-')
            safe += "\\-";
        else
            safe += c;
    }
    return safe;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + roff(text) + "\\fR";
}

std::string heading_of(const option_entry& option) {
    if (option.names.empty()) return italic(option.value);
    std::string names;
    for (const auto& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
    return option.value.empty() ? names : names + " " + italic(option.value);
}

std::string text_of(const option_entry& option) {
    auto text = roff(option.description);
    if (!option.choices.empty())
        text += fmt::format("{}: {}", text.empty() ? "one of" : "",
                            roff(fmt::format("{}", fmt::join(option.choices, ", "))));
    return text.empty() ? "\\&" : text;
}

std::string synopsis_of(const command_entry& command) {
    auto line = bold("qharness " + command.name);
    for (const auto& argument : command.arguments)
        line += fmt::format(" {}{}{}", argument.required ? "" : "[",
                            italic(argument.value + (argument.several ? "..." : "")),
                            argument.required ? "" : "]");
    return line + " [" + italic("option...") + "]\n.br\n";
}

/// Examples and tables as they stand; sentences in the footers are lines of their own too.
std::string footer_of(const command_entry& command) {
    if (command.footer.empty()) return "";
    return ".PP\n.nf\n" + roff(command.footer) + "\n.fi\n";
}

std::string section_of(const command_entry& command) {
    auto text =
        fmt::format(".SS {}\n{}\n", command.name.empty() ? "All commands" : roff(command.name),
                    roff(command.description));
    for (const auto* list : {&command.arguments, &command.options})
        for (const auto& option : *list)
            text += fmt::format(".TP\n{}\n{}\n", heading_of(option), text_of(option));
    return text + footer_of(command);
}

}  // namespace

std::string man_page(const command_entry& root, const std::string& version) {
    auto page = fmt::format(
        ".TH QHARNESS 1 \"\" \"qharness {}\" \"User Commands\"\n"
        ".SH NAME\nqharness \\- run scenarios on RISC\\-V guests in QEMU\n.SH SYNOPSIS\n",
        roff(version));
    const auto commands = flattened(root);
    for (const auto* command : commands)
        if (command->commands.empty()) page += synopsis_of(*command);
    page += fmt::format(".SH DESCRIPTION\n{}\n.SH COMMANDS\n", roff(root.description));
    for (const auto* command : commands) page += section_of(*command);
    page +=
        ".SH ENVIRONMENT\n"
        ".TP\n.B QHARNESS_CACHE_DIR\nFolder for built images and downloaded packages.\n"
        ".TP\n.B QHARNESS_DATA_DIR\nFolder that holds the scenarios and images to use.\n"
        ".TP\n.B QHARNESS_DEBIAN_MIRROR\nAddress of the Debian archive that images are built "
        "from.\n"
        ".TP\n.B NO_COLOR\nNo colours, where it is set to anything.\n"
        ".TP\n.B CLICOLOR_FORCE\nColours also where the output is no terminal.\n";
    return page;
}

}  // namespace qh
