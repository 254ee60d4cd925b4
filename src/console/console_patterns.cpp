#include "console/console_patterns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/object_reader.hpp"

namespace qh {
namespace {

std::unique_ptr<re2::RE2> read_regex(const json_document& document, const json_path& path,
                                     const std::string& regex) {
    if (regex.empty()) throw document.problem(path, "an empty regex would match every line");
    auto compiled = std::make_unique<re2::RE2>(regex, re2::RE2::Quiet);
    if (!compiled->ok()) throw document.problem(path, "bad regex: " + compiled->error());
    return compiled;
}

speaker read_speaker(object_reader& entry) {
    if (const auto who = enum_named<speaker>(entry.text("from", "kernel"))) return *who;
    throw entry.problem("from",
                        "\"from\" is \"kernel\", \"firmware\", \"loader\", \"init\" or \"anyone\"");
}

gravity read_severity(object_reader& entry) {
    const auto level = enum_named<gravity>(entry.text("severity"));
    // A file cannot say "suspected": it is what a watchdog's fatal pattern becomes.
    if (level && *level != gravity::suspected) return *level;
    throw entry.problem("severity",
                        "\"severity\" is \"note\", \"setback\", \"stuck\", \"fatal\" or \"final\"");
}

void read_failure(object_reader& entry, console_pattern& pattern, const json_document& document,
                  problem_list& problems) {
    problems.attempt([&] { pattern.severity = read_severity(entry); });
    problems.attempt([&] { pattern.repeated = entry.flag("repeated", false); });
    problems.attempt([&] { pattern.continues = entry.flag("continues", false); });
    problems.attempt([&] { pattern.has_trace = entry.flag("trace", entry.has("end")); });
    problems.attempt([&] {
        if (entry.has("watchdog")) pattern.watchdog = entry.duration("watchdog", Duration());
    });
    if (pattern.watchdog && pattern.severity == gravity::fatal)
        pattern.severity = gravity::suspected;
    problems.attempt([&] {
        if (entry.has("end"))
            pattern.end = read_regex(document, entry.path_of("end"), entry.text("end"));
    });
}

console_pattern read_pattern(const json_document& document, const json_path& path,
                             pattern_role role) {
    object_reader entry(document, path,
                        role == pattern_role::milestone ? "a milestone" : "a pattern");
    console_pattern pattern;
    problem_list problems;
    pattern.role = role;
    problems.attempt([&] {
        if (role != pattern_role::lead) pattern.kind = entry.text("kind");
    });
    if (role == pattern_role::failure) read_failure(entry, pattern, document, problems);
    problems.attempt([&] { pattern.said_by = read_speaker(entry); });
    problems.attempt(
        [&] { pattern.start = read_regex(document, path / "start", entry.text("start")); });
    problems.attempt([&] { pattern.title = entry.text("title", ""); });
    std::string mistake;
    if (pattern.start && !pattern.start->CheckRewriteString(pattern.title, &mistake))
        problems.add(entry.problem("title", "\"title\" does not fit \"start\": " + mistake));
    entry.finish(problems);
    problems.throw_all();
    return pattern;
}

}  // namespace

console_patterns::console_patterns(const json_document& document) {
    object_reader file(document, json_path(), "the pattern file");
    file.value("patterns");
    read_patterns(document, json_path("/patterns"), pattern_role::failure);
    if (file.has("leads")) read_patterns(document, json_path("/leads"), pattern_role::lead);
    if (file.has("milestones"))
        read_patterns(document, json_path("/milestones"), pattern_role::milestone);
    read_benign(document, json_path("/benign"), file.texts("benign"));
    if (file.has("reports")) {
        file.value("reports");
        read_reports(document);
    }
    file.finish();
}

void console_patterns::add_from_scenario(const json_document& document, const json_path& path) {
    object_reader more(document, path, "\"failures\"");
    auto shipped = std::exchange(patterns_, {});
    problem_list problems;
    problems.attempt([&] {
        if (more.has("patterns")) read_patterns(document, path / "patterns", pattern_role::failure);
    });
    for (auto& pattern : patterns_) pattern.by_scenario = true;
    std::ranges::move(shipped, std::back_inserter(patterns_));
    problems.attempt([&] { read_benign(document, path / "allow", more.texts("allow")); });
    more.finish(problems);
    problems.throw_all();
}

void console_patterns::read_patterns(const json_document& document, const json_path& list,
                                     pattern_role role) {
    const auto& entries = document.root().at(list);
    if (!entries.is_array()) throw document.problem(list, "a list of patterns belongs here");
    problem_list problems;
    for (std::size_t i = 0; i < entries.size(); ++i)
        problems.attempt([&] { patterns_.push_back(read_pattern(document, list / i, role)); });
    problems.throw_all();
}

void console_patterns::read_benign(const json_document& document, const json_path& list,
                                   const std::vector<std::string>& regexes) {
    for (std::size_t i = 0; i < regexes.size(); ++i)
        benign_.push_back(read_regex(document, list / i, regexes[i]));
}

void console_patterns::read_reports(const json_document& document) {
    const json_path path("/reports");
    object_reader reports(document, path, "\"reports\"");
    const auto one_of = [&](const std::string& name) {
        return read_regex(document, path / name,
                          fmt::format("(?:{})", fmt::join(reports.texts(name), "|")));
    };
    report_line_ = one_of("lines");
    site_ = read_regex(document, path / "site", reports.text("site"));
    helper_ = one_of("helpers");
    reports.finish();
    if (site_->NumberOfCapturingGroups() != 1)
        throw reports.problem("site", "\"site\" needs one group: the function");
}

bool begins_with(std::string_view message, const re2::RE2& regex) {
    const re2::StringPiece text(message.data(), message.size());
    return regex.Match(text, 0, text.size(), re2::RE2::ANCHOR_START, nullptr, 0);
}

bool console_patterns::is_benign(std::string_view message) const {
    return std::ranges::any_of(benign_,
                               [&](const auto& regex) { return begins_with(message, *regex); });
}

bool console_patterns::is_report_line(std::string_view message) const {
    return report_line_ && begins_with(message, *report_line_);
}

std::string console_patterns::site(std::string_view message) const {
    static const re2::RE2 compilers_own(
        R"(\.(?:constprop|isra|part|cold|llvm|localalias|lto_priv)(?:\.\d+)*$)");
    std::string function;
    if (!site_ || !re2::RE2::PartialMatch(re2::StringPiece(message.data(), message.size()), *site_,
                                          &function))
        return {};
    while (re2::RE2::Replace(&function, compilers_own, "")) {
    }
    return helper_ && re2::RE2::FullMatch(function, *helper_) ? "" : function;
}

}  // namespace qh
