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

std::string scenario_of(const cell_result& cell) {
    const auto found = cell.what.point.find("scenario");
    return found == cell.what.point.end() ? std::string() : plain(found->second);
}

std::string excuse_of(const cell_result& cell) {
    switch (cell.status) {
        case cell_status::expected_failure: {
            const auto known = cell.what.expected.value_or(known_failure());
            return fmt::format("{}, as expected until {}: {}", name_of(cell.outcome),
                               plain(known.until), plain(known.reason));
        }
        case cell_status::quarantined:
            return fmt::format("{}, in quarantine: {}", name_of(cell.outcome),
                               plain(cell.what.quarantine));
        case cell_status::not_run:
            return "not run";
        case cell_status::passed:
        case cell_status::flaky:
        case cell_status::failed:
        case cell_status::infra_error:
            return {};
    }
    return {};
}

std::string evidence_of(const cell_result& cell) {
    constexpr std::size_t lines = 20;
    std::string text;
    const auto add = [&](const std::string& title, const std::string& words) {
        if (!words.empty()) text += fmt::format("{}:\n{}\n", title, last_lines(words, lines));
    };
    for (const auto& step : cell.run.steps()) {
        add("output of " + plain(step.name), plain(step.output));
        add("stderr of " + plain(step.name), plain(step.error_output));
    }
    add("console", plain(cell.run.excerpt()));
    return text;
}

std::string steps_of(const cell_result& cell) {
    std::string text;
    for (const auto& step : cell.run.steps())
        text += fmt::format("{:<9} {} {:.2f} s{}{}\n", name_of(step.outcome), plain(step.name),
                            step.seconds, step.reason.empty() ? "" : ": ", plain(step.reason));
    return text;
}

}  // namespace qh
