#include "report/page_data.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "base/text.hpp"
#include "matrix/night_json.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_text = 2048;
constexpr std::size_t most_failures = 5;

/// A guest's words, of which the end is worth most.
std::string shortened(const std::string& text) {
    if (text.size() <= longest_text) return valid_utf8(text);
    auto from = text.size() - longest_text;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
    return "…" + valid_utf8(std::string_view(text).substr(from));
}

/// Texts shortened, empty ones left out.
json chosen(const json& from, std::initializer_list<const char*> names) {
    json result = json::object();
    for (const auto* name : names) {
        const auto found = from.find(name);
        if (found == from.end() || *found == "" || found->is_null()) continue;
        result[name] =
            found->is_string() ? json(shortened(found->get_ref<const std::string&>())) : *found;
    }
    return result;
}

json shown_failure(const json& failure) {
    auto shown = chosen(failure, {"title", "kind", "step"});
    std::string lines;
    if (const auto found = failure.find("excerpt"); found != failure.end()) {
        if (found->is_string()) lines = found->get<std::string>();
        if (found->is_array())
            for (const auto& line : *found)
                if (line.is_string()) lines += line.get<std::string>() + "\n";
    }
    if (!lines.empty()) shown["excerpt"] = shortened(lines);
    if (const auto explanation = failure.value(json_path("/explanation/text"), std::string());
        !explanation.empty())
        shown["explanation"] = shortened(explanation);
    return shown;
}

json shown_cell(const json& cell) {
    auto shown = chosen(cell, {"name", "point", "status", "outcome", "reason", "seconds",
                               "expected", "unexpected_pass", "quarantine", "excerpt"});
    const auto add = [&](const char* list, std::size_t most, auto&& show) {
        const auto found = cell.find(list);
        if (found == cell.end() || !found->is_array() || found->empty()) return;
        for (std::size_t i = 0; i < std::min(most, found->size()); ++i)
            shown[list].push_back(show((*found)[i]));
    };
    constexpr auto all = static_cast<std::size_t>(-1);
    add("attempts", all, [](const json& one) {
        return chosen(one, {"outcome", "reason", "record", "seconds"});
    });
    add("steps", all, [](const json& one) {
        return chosen(one, {"name", "outcome", "reason", "seconds", "output", "stderr"});
    });
    add("failures", most_failures, shown_failure);
    add("measurements", all, [](const json& one) {
        return chosen(one, {"name", "value", "unit", "better"});
    });
    if (const auto print = cell.find("fingerprint"); print != cell.end() && print->is_object())
        shown["fingerprint"] = chosen(*print, {"qemu", "host_cpu"});
    return shown;
}

}  // namespace

json page_data(const night_result& night) {
    const auto all = to_json(night);
    auto shown = chosen(all, {"night", "matrix", "description", "started", "finished", "host",
                              "wall_s", "shard", "stopped", "counts", "missing"});
    shown["cells"] = json::array();
    for (const auto& cell : all.at("cells")) shown["cells"].push_back(shown_cell(cell));
    return shown;
}

}  // namespace qh
