#include "run/judge/measurements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t most_names = 1000;

/// Each line that is an object with a name and a number as its value.
std::vector<json> json_measurements(std::string_view output) {
    std::vector<json> found;
    for (const auto line : split_lines(output)) {
        if (!trim(line).starts_with('{') || found.size() == most_names) continue;
        json object = parse_json_or_discard(line);
        if (object.is_object() && object.contains("name") && object["name"].is_string() &&
            object.contains("value") && object["value"].is_number())
            found.push_back(std::move(object));
    }
    return found;
}

/// The sample below which that share of the sorted samples lies.
double quantile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<double> sorted(std::vector<double> samples) {
    std::ranges::sort(samples);
    return samples;
}

}  // namespace

std::string measurement_series::add(const measurement_source& source, std::string_view output,
                                    const name_lookup& lookup) {
    const bool warms_up = runs_++ < source.warmup;
    if (source.json_lines) {
        const auto found = json_measurements(output);
        if (found.empty())
            return "the output has no measurement: no JSON line with \"name\" and a number as "
                   "\"value\"";
        for (const auto& one : found)
            if (!warms_up) take(one["name"], one, one["value"].get<double>());
        return {};
    }
    const auto text = fill_in(source.value, lookup);
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value))
        return fmt::format("measurement {} is no number: {}", source.name, printable(text));
    if (!warms_up) take(source.name, {{"name", source.name}, {"unit", source.unit}}, value);
    return {};
}

void measurement_series::take(const std::string& name, json details, double value) {
    if (!by_name_.contains(name)) order_.push_back(name);
    auto& series = by_name_[name];
    series.details = std::move(details);
    series.samples.push_back(value);
}

std::vector<json> measurement_series::results(const measurement_source& source) const {
    std::vector<json> results;
    for (const auto& name : order_) {
        const auto& [details, samples] = by_name_.at(name);
        json result = details;
        const auto in_order = sorted(samples);
        if (samples.size() > 1) {
            result["q25"] = quantile(in_order, 0.25);
            result["q75"] = quantile(in_order, 0.75);
            result["warmup"] = source.warmup;
        }
        // What the guest itself made of several samples stays.
        if (samples.size() > 1 || !result.contains("samples")) result["samples"] = samples;
        if (samples.size() > 1 || !result.contains("value"))
            result["value"] = quantile(in_order, 0.5);
        if (!source.better.empty()) result["better"] = source.better;
        results.push_back(std::move(result));
    }
    return results;
}

std::string measurement_series::broken_limit(const measurement_source& source) const {
    for (const auto& [name, limits] : source.limits) {
        const auto found = by_name_.find(name);
        if (found == by_name_.end())
            return fmt::format("there is a limit for {}, which was not measured", name);
        const auto value = quantile(sorted(found->second.samples), 0.5);
        const auto unit = found->second.details.value("unit", json(""));
        const auto shown = fmt::format(
            "{} is {:.6g}{}", name, value,
            unit.is_string() && unit != "" ? " " + printable(unit.get<std::string>()) : "");
        if (limits.at_least && !(value >= *limits.at_least))
            return fmt::format("{}, less than the {:.6g} asked for", shown, *limits.at_least);
        if (limits.at_most && !(value <= *limits.at_most))
            return fmt::format("{}, more than the {:.6g} allowed", shown, *limits.at_most);
    }
    return {};
}

}  // namespace qh
