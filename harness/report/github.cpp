#include "report/github.hpp"

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

std::string details(const json& cell) {
    const auto evidence = evidence_of(cell);
    return fmt::format("<details><summary>{}: <b>{}</b></summary>\n<pre>{}{}{}</pre></details>\n\n",
                       html(text_of(cell, "name")), html(text_of(cell, "outcome")),
                       html(text_of(cell, "reason")), evidence.empty() ? "" : "\n\n",
                       html(evidence));
}

}  // namespace

std::string github_summary(const json& night) {
    auto text = fmt::format("## {}\n\n| cells | |\n|---|---|\n", html(text_of(night, "matrix")));
    for (const auto& [status, count] : night.at("counts").items())
        text += fmt::format("| {} | {} |\n", html(status), count.get<int>());
    text += "\n";
    for (const auto* status : {"failed", "infra_error", "flaky", "quarantined", "not_run"})
        for (const auto& cell : night.at("cells")) {
            if (cell["status"] != status) continue;
            const auto more = details(cell);
            if (text.size() + more.size() > longest_summary) return text + "… and more\n";
            text += more;
        }
    for (const auto& name : night.value("missing", json::array()))
        text += fmt::format("- no shard has run {}\n", html(plain(name.get<std::string>())));
    return text;
}

std::string github_annotations(const json& night) {
    std::string text;
    std::size_t errors = 0, warnings = 0;
    for (const auto& cell : night.at("cells")) {
        const auto status = text_of(cell, "status");
        const bool is_error = status == "failed" || status == "infra_error";
        if (!is_error && status != "flaky") continue;
        if ((is_error ? errors++ : warnings++) >= most_annotations) continue;
        const auto title = text_of(cell, "name") + ": " + text_of(cell, "outcome");
        text += fmt::format("::{} title={}::{}\n", is_error ? "error" : "warning",
                            replaced(title, "%\r\n:,", percent),
                            replaced(text_of(cell, "reason"), "%\r\n", percent));
    }
    return text;
}

}  // namespace qh
