#include "report/github.hpp"

#include <map>

#include "report/report_text.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_summary = 1000 * 1000;
constexpr std::size_t most_annotations = 10;

std::string replaced(const std::string& text, std::string_view characters,
                     std::string (*with)(char)) {
    std::string result;
    for (const char c : text)
        if (characters.find(c) == std::string_view::npos)
            result += c;
        else
            result += with(c);
    return result;
}

std::string html(const std::string& text) {
    return replaced(text, "&<>\"|`", [](char c) {
        return fmt::format("&#{};", static_cast<int>(static_cast<unsigned char>(c)));
    });
}

std::string percent(char c) {
    return fmt::format("%{:02X}", static_cast<unsigned char>(c));
}

std::string details(const cell_result& cell) {
    const auto evidence = evidence_of(cell);
    return fmt::format("<details><summary>{}: <b>{}</b></summary>\n<pre>{}{}{}</pre></details>\n\n",
                       html(plain(cell.what.name)), name_of(cell.outcome), html(plain(cell.reason)),
                       evidence.empty() ? "" : "\n\n", html(evidence));
}

/// Whether the summary shows more of such a cell than that it is counted.
bool has_details(cell_status status) {
    switch (status) {
        case cell_status::failed:
        case cell_status::infra_error:
        case cell_status::flaky:
        case cell_status::quarantined:
        case cell_status::not_run:
            return true;
        case cell_status::expected_failure:
        case cell_status::passed:
            return false;
    }
    return false;
}

enum class annotation { none, warning, error };
BOOST_DESCRIBE_ENUM(annotation, none, warning, error)

annotation annotation_of(cell_status status) {
    switch (status) {
        case cell_status::failed:
        case cell_status::infra_error:
            return annotation::error;
        case cell_status::flaky:
            return annotation::warning;
        case cell_status::passed:
        case cell_status::expected_failure:
        case cell_status::quarantined:
        case cell_status::not_run:
            return annotation::none;
    }
    return annotation::none;
}

}  // namespace

std::string github_summary(const night_result& night) {
    auto text = fmt::format("## {}\n\n| cells | |\n|---|---|\n", html(plain(night.matrix)));
    std::map<std::string_view, std::size_t> counts;
    for (const auto& [status, count] : counts_of(night)) counts[name_of(status)] = count;
    for (const auto& [status, count] : counts) text += fmt::format("| {} | {} |\n", status, count);
    text += "\n";
    for (const auto status : told_first) {
        if (!has_details(status)) continue;
        for (const auto& cell : night.cells) {
            if (cell.status != status) continue;
            const auto more = details(cell);
            if (text.size() + more.size() > longest_summary) return text + "… and more\n";
            text += more;
        }
    }
    if (night.missing)
        for (const auto& name : *night.missing)
            text += fmt::format("- no shard has run {}\n", html(plain(name)));
    return text;
}

std::string github_annotations(const night_result& night) {
    std::string text;
    std::map<annotation, std::size_t> told;
    for (const auto& cell : night.cells) {
        const auto kind = annotation_of(cell.status);
        if (kind == annotation::none || ++told[kind] > most_annotations) continue;
        const auto title = fmt::format("{}: {}", plain(cell.what.name), name_of(cell.outcome));
        text +=
            fmt::format("::{} title={}::{}\n", name_of(kind), replaced(title, "%\r\n:,", percent),
                        replaced(plain(cell.reason), "%\r\n", percent));
    }
    return text;
}

}  // namespace qh
