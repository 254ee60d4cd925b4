#include "cli/run/headline.hpp"

#include "base/text.hpp"

namespace qh {
namespace {

colour colour_of(const json& result) {
    if (result["outcome"] == "passed") return colour::green;
    return result["outcome"] == "flaky" ? colour::yellow : colour::red;
}

}  // namespace

std::string headline(const json& result, const painter& paint) {
    std::size_t passed = 0;
    for (const auto& step : result["steps"]) passed += step["outcome"] == "passed" ? 1 : 0;
    auto text = fmt::format(
        "{}: {}, {} of {} steps passed",
        paint(colour_of(result), printable(result["outcome"].get<std::string>())),
        printable(result["scenario"]["name"].get<std::string>()), passed, result["steps"].size());
    if (result.contains("cost"))
        text += fmt::format(", {:.1f} s", result["cost"]["wall_s"].get<double>());
    if (result.contains("warm_start")) text += " from a warm point";
    return text;
}

}  // namespace qh
