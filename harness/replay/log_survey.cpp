#include "replay/log_survey.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/locations.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t most_failures = 200, most_moments = 1000;
constexpr std::string_view fact_kind = "fact: ";
/// A prompt stands at the beginning of its line.
constexpr std::size_t longest_prompt = 80;

bool looks_like_prompt(std::string_view line) {
    static const re2::RE2 prompt(
        R"(^(?:\x1b\[[0-9;?]*[a-zA-Z])*(?:\[?[\w.-]+@[\w.-]+[: ][^#$]*\]?|(?:[\w.-]+:)?[~/][^ #$]*|bash-[\d.]+|sh-[\d.]+|\([\w-]+\)) ?[#$] )");
    return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), prompt);
}

}  // namespace

const log_failure* log_findings::fatal() const {
    const auto found =
        std::ranges::find_if(failures, [](const auto& one) { return one.what.fatal; });
    return found == failures.end() ? nullptr : &*found;
}

console_patterns log_patterns(const json& scenario_text) {
    const auto library = data_directory() / "scenarios" / "lib";
    const auto facts_file = json_document::load(library / "boot_facts.json");
    auto merged = json_document::load(library / "failure_patterns.json").root();
    for (const auto& one : facts_file.root().at("milestones")) merged["milestones"].push_back(one);
    console_patterns patterns(json_document::parse(dump(merged), facts_file.name()));
    if (scenario_text.is_object() && scenario_text.contains("failures"))
        patterns.add_from_scenario(json_document::parse(dump(scenario_text), "scenario"),
                                   json_path("/failures"));
    return patterns;
}

std::optional<double> kernel_seconds_in(std::string_view line) {
    static const re2::RE2 stamp(R"(\[ *(\d{1,10}\.\d{6})\])");
    double seconds = 0;
    if (!re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), stamp, &seconds))
        return std::nullopt;
    return seconds;
}

void log_survey::hear(const log_piece& piece) {
    if (piece.seconds) found_.log_seconds = piece.seconds;
    if (piece.typed) return console_.on_typed(piece.bytes);
    found_.bytes += piece.bytes.size();
    const bool seen_before = prompt_seen_;
    const auto before = seen_before ? 0 : up_to_prompt(piece.bytes);
    feed(piece.bytes.substr(0, before));
    if (prompt_seen_ && !seen_before) note_prompt();
    feed(piece.bytes.substr(before));
}

void log_survey::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        bytes.remove_prefix(console_.feed(bytes));
        take_events();
    }
}

void log_survey::finish() {
    console_.finish();
    take_events();
}

void log_survey::take_events() {
    while (const auto event = console_.next())
        std::visit([this](const auto& one) { note(one); }, *event);
}

void log_survey::note(const failure& one) {
    if (found_.failures.size() == most_failures) {
        ++found_.failures_left_out;
        return;
    }
    log_failure found;
    found.what = one;
    found.kernel_seconds = kernel_seconds_in(one.line);
    found.log_seconds = found_.log_seconds;
    found_.failures.push_back(std::move(found));
}

void log_survey::note(const failure_trace& trace) {
    const auto last = std::ranges::find_if(
        found_.failures.rbegin(), found_.failures.rend(),
        [&](const auto& one) { return one.what.title == trace.title && one.trace.empty(); });
    if (last == found_.failures.rend()) return;
    last->trace = trace.lines;
    last->trace_cut = trace.cut;
    last->site = trace.site;
    if (const auto explanation = sigill_.on_trace(trace))
        last->explanation = explanation->at("text").get<std::string>();
}

void log_survey::note(const milestone& reached) {
    if (reached.kind.starts_with(fact_kind)) {
        found_.facts[reached.kind.substr(fact_kind.size())] = reached.title;
        return;
    }
    if (reached.kind == "kernel") found_.facts["kernel"] = reached.title;
    if (found_.timeline.size() == most_moments) {
        ++found_.moments_left_out;
        return;
    }
    found_.timeline.push_back({reached.kind, reached.title, kernel_seconds(), found_.log_seconds});
}

void log_survey::note(const expectation::match&) {}

std::optional<double> log_survey::kernel_seconds() const {
    auto lines = console_.last_lines(2);
    if (!lines.empty() && lines.back().data() == console_.open_line().data()) lines.pop_back();
    return lines.empty() ? std::nullopt : kernel_seconds_in(lines.back());
}

/// How many of `bytes` come up to the first shell's prompt; all where there is none.
std::size_t log_survey::up_to_prompt(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const auto end = std::min(bytes.find('\n', at), bytes.size());
        const auto room = longest_prompt - std::min(longest_prompt, line_begin_.size());
        line_begin_ += bytes.substr(at, std::min(end - at, room));
        const auto mark = line_begin_.find_first_of("#$");
        prompt_seen_ = mark != std::string::npos && looks_like_prompt(line_begin_);
        if (prompt_seen_) return end;
        if (end < bytes.size()) line_begin_.clear();
        at = end + 1;
    }
    return bytes.size();
}

void log_survey::note_prompt() {
    const auto mark = line_begin_.find_first_of("#$");
    found_.timeline.push_back(
        {"shell", printable(line_begin_.substr(0, mark + 1)), std::nullopt, found_.log_seconds});
}

}  // namespace qh
