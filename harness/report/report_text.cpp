#include "report/report_text.hpp"

#include "base/text.hpp"

namespace qh {

std::string plain(std::string_view text) {
    auto result = printable(text);
    for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})
        for (auto at = result.find(none); at != std::string::npos; at = result.find(none, at))
            result.replace(at, none.size(), "\xEF\xBF\xBD");
    return result;
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? plain(found->get<std::string>())
                                                       : std::string();
}

std::string excuse_of(const json& cell) {
    const auto status = text_of(cell, "status");
    if (status == "expected_failure")
        return fmt::format("{}, as expected until {}: {}", text_of(cell, "outcome"),
                           text_of(cell["expected"], "until"), text_of(cell["expected"], "reason"));
    if (status == "quarantined")
        return fmt::format("{}, in quarantine: {}", text_of(cell, "outcome"),
                           text_of(cell, "quarantine"));
    if (status == "not_run") return "not run";
    return {};
}

std::string evidence_of(const json& cell) {
    constexpr std::size_t lines = 20;
    std::string text;
    const auto add = [&](const std::string& title, const std::string& words) {
        if (!words.empty()) text += fmt::format("{}:\n{}\n", title, last_lines(words, lines));
    };
    for (const auto& step : cell.value("steps", json::array()))
        for (const auto* stream : {"output", "stderr"})
            add(fmt::format("{} of {}", stream, text_of(step, "name")), text_of(step, stream));
    add("console", text_of(cell, "excerpt"));
    return text;
}

std::string steps_of(const json& cell) {
    std::string text;
    for (const auto& step : cell.value("steps", json::array())) {
        const auto reason = text_of(step, "reason");
        text +=
            fmt::format("{:<9} {} {:.2f} s{}{}\n", text_of(step, "outcome"), text_of(step, "name"),
                        step.value("seconds", 0.0), reason.empty() ? "" : ": ", reason);
    }
    return text;
}

}  // namespace qh
