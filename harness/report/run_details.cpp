#include "report/run_details.hpp"

#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

bool is_good(const json& result) {
    return result["outcome"] == "passed" || result["outcome"] == "flaky";
}

/// The first step that did not pass, or null.
const json* deciding_step(const json& result) {
    for (const auto& step : result["steps"])
        if (step["outcome"] == "failed" || step["outcome"] == "timed_out") return &step;
    return nullptr;
}

std::string attempts_text(const json& result) {
    std::string text;
    for (const auto& attempt : result.value("attempts", json::array()))
        text += fmt::format(
            "\n  attempt: {}{}  {}", printable(attempt["outcome"].get<std::string>()),
            attempt["reason"] == "" ? "" : ": " + printable(attempt["reason"].get<std::string>()),
            printable(attempt["record"].get<std::string>()));
    return text;
}

/// The lines stand below one another.
std::string said_text(const std::string& stream, const std::string& said) {
    std::string text, title = stream + ":";
    for (const auto line : split_lines(said))
        text += fmt::format("\n  {:<8} {}", std::exchange(title, ""), printable(line));
    return text;
}

std::string evidence_text(const json& result) {
    std::string text;
    if (const auto* step = deciding_step(result))
        for (const auto* stream : {"output", "stderr"})
            if (const auto said = step->value(stream, ""); !said.empty())
                text += said_text(stream, last_lines(said, 10));
    if (const auto excerpt = result.value("excerpt", ""); !excerpt.empty()) {
        text += "\n  console:";
        for (const auto line : split_lines(excerpt))
            text += fmt::format("\n    {}", printable(line));
    }
    return text;
}

}  // namespace

std::string details(const json& result, const std::filesystem::path& directory,
                    const std::vector<follow_up>& commands) {
    std::string text;
    if (result["outcome"] != "passed")
        text += "\n  reason:  " + printable(result["reason"].get<std::string>());
    if (!is_good(result)) text += evidence_text(result);
    text += attempts_text(result);
    text += fmt::format("\n  record:  {}", directory.string());
    if (!is_good(result))
        for (const auto& [name, command] : commands)
            text += fmt::format("\n  {:<8} {}", name + ":", command);
    return text.substr(1) + "\n";
}

}  // namespace qh
