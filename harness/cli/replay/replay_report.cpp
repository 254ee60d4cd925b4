#include "cli/replay/replay_report.hpp"

#include "base/text.hpp"
#include "build_config.hpp"

namespace qh {
namespace {

constexpr std::size_t shown = 160, shown_before = 40;

/// What the value says around the first byte that differs.
std::string cut_around(const std::string& text, std::size_t difference) {
    auto begin = difference - std::min(difference, shown_before);
    while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
    auto part = text.substr(begin, shown);
    if (begin > 0) part.insert(0, "…");
    if (begin + shown < text.size()) part += "…";
    return printable(part);
}

std::string member_of(const json& line, const std::string& key) {
    return line.is_object() && line.contains(key) ? dump(line[key]) : "(nothing)";
}

std::string name_of_event(const json& line) {
    if (!line.is_object()) return "no event";
    const auto name = line.value("name", "");
    return line.value("type", "") + (name.empty() ? "" : " \"" + printable(name) + '"');
}

/// Each member that is not the same, expected and got.
std::string members_that_differ(const json& expected, const json& got) {
    if (!expected.is_object() || !got.is_object()) return {};
    auto all = expected;
    all.update(got);
    std::string text;
    for (const auto& item : all.items()) {
        const auto before = member_of(expected, item.key()), now = member_of(got, item.key());
        if (before == now) continue;
        const auto [at, ignored] = std::ranges::mismatch(before, now);
        const auto difference = static_cast<std::size_t>(at - before.begin());
        text += fmt::format("    {}: expected {}\n    {:{}}  got      {}\n", item.key(),
                            cut_around(before, difference), "", item.key().size(),
                            cut_around(now, difference));
    }
    return text;
}

std::string difference_text(const recording& recorded, const replay_difference& difference) {
    const auto by = recorded.run ? recorded.run->qharness : "";
    auto text = fmt::format(
        "  replay:  differs from the recording at {:.3f} s (journal line {}): expected {}, got "
        "{}\n",
        difference.seconds, difference.line, name_of_event(difference.expected),
        name_of_event(difference.got));
    text += members_that_differ(difference.expected, difference.got);
    text += "  The record was changed since, or this is a fault in qharness";
    text += by == QHARNESS_VERSION
                ? ".\n"
                : fmt::format(", or a change: it was recorded by {}, this is {}.\n", by,
                              QHARNESS_VERSION);
    return text;
}

}  // namespace

json describe(const std::vector<missed_pattern>& missed) {
    json all = json::array();
    for (const auto& [regex, nearest] : missed) {
        all.push_back({{"regex", regex}, {"nearest", json::array()}});
        for (const auto& near : nearest)
            all.back()["nearest"].push_back({{"line", printable(near.line)},
                                             {"seconds", near.seconds},
                                             {"difference", near.difference}});
    }
    return all;
}

std::string missed_text(const std::vector<missed_pattern>& missed) {
    std::string text;
    for (const auto& [regex, nearest] : missed) {
        text += fmt::format("    /{}/ {}\n", printable(regex),
                            nearest.empty() ? "resembles no line" : "did not match; nearest:");
        for (const auto& near : nearest)
            text += fmt::format("      {}{}\n        {}\n",
                                near.seconds > 0 ? fmt::format("{:.3f} s: ", near.seconds) : "",
                                printable(near.line), printable(near.difference));
    }
    return text;
}

json describe(const recording& recorded, const replay_outcome& replayed) {
    json text = {{"record", recorded.folder.string()},  {"same", !replayed.difference},
                 {"events", replayed.events},           {"seconds", replayed.seconds},
                 {"missed", describe(replayed.missed)}, {"notes", recorded.notes}};
    if (replayed.compared_until) text["compared_until"] = *replayed.compared_until;
    if (const auto& difference = replayed.difference)
        text["difference"] = {{"line", difference->line},
                              {"seconds", difference->seconds},
                              {"expected", difference->expected},
                              {"got", difference->got}};
    return text;
}

std::string comparison_text(const recording& recorded, const replay_outcome& replayed,
                            double took_s) {
    std::string text;
    for (const auto& note : recorded.notes) text += fmt::format("  note:    {}\n", note);
    if (replayed.difference) return text + difference_text(recorded, *replayed.difference);
    if (replayed.events == 0) return text + "  replay:  nothing was judged anew\n";
    text += fmt::format(
        "  replay:  {} events, each as recorded{}; {:.1f} s in {:.3f} s\n", replayed.events,
        replayed.compared_until
            ? fmt::format(" (compared up to journal line {})", *replayed.compared_until)
            : "",
        replayed.seconds, took_s);
    return text + missed_text(replayed.missed);
}

json describe(const recording& recorded, const what_if_outcome& tried) {
    json text = {{"record", recorded.folder.string()},
                 {"diverged", nullptr},
                 {"missed", describe(tried.missed)},
                 {"seconds", tried.seconds},
                 {"notes", recorded.notes}};
    if (!tried.diverged) return text;
    const auto& diverged = *tried.diverged;
    text["diverged"] = {{"step", diverged.step},
                        {"index", diverged.index},
                        {"seconds", diverged.seconds},
                        {"why", diverged.why}};
    return text;
}

std::string divergence_text(const recording& recorded, const what_if_outcome& tried) {
    std::string text;
    for (const auto& note : recorded.notes) text += fmt::format("  note:    {}\n", note);
    if (!tried.diverged)
        return text + "  replay:  every step ends as in the recording\n" +
               missed_text(tried.missed);
    const auto& diverged = *tried.diverged;
    text += fmt::format(
        "  replay:  differs from the recording in step {}, \"{}\", at {:.3f} s:\n           {}\n",
        diverged.index + 1, printable(diverged.step), diverged.seconds, printable(diverged.why));
    text += missed_text(tried.missed);
    if (!tried.outcome)
        text += "  The recording cannot tell what the machine would have said from there on.\n";
    return text;
}

}  // namespace qh
