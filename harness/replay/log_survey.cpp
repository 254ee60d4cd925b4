#include "replay/log_survey.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/locations.hpp"
#include "base/text.hpp"
#include "replay/kernel_stamp.hpp"

namespace qh {
namespace {

constexpr std::size_t most_failures = 200, most_moments = 1000;
constexpr std::string_view fact_kind = "fact: ";
/// How far into a line its prompt may end, escape sequences included.
constexpr std::size_t longest_raw_prompt = 400;

/// Whether a line may begin with a prompt: most are the kernel's, and few others hold a mark.
bool may_have_prompt(std::string_view raw) {
    if (raw.size() > 1 && raw[0] == '[' && (raw[1] == ' ' || (raw[1] >= '0' && raw[1] <= '9')) &&
        kernel_stamp_length(raw) > 0)
        return false;
    static const auto is_mark = [] {
        std::array<bool, 256> marks{};
        // The last one begins the UTF-8 of marks such as "❯".
        for (const char mark : {'#', '$', '%', '>', '(', '\xE2'})
            marks[static_cast<unsigned char>(mark)] = true;
        return marks;
    }();
    return std::ranges::any_of(raw.substr(0, longest_raw_prompt),
                               [](char c) { return is_mark[static_cast<unsigned char>(c)]; }) ||
           raw.find(" for maintenance") != std::string_view::npos;
}

std::string shown(std::string_view raw) {
    transcript text;
    text.feed(raw);
    if (text.complete() == 0) return std::string(text.open_line());
    const auto line = text.lines(0, text.complete());
    return std::string(line.substr(0, line.find('\n')));
}

bool begins_anew(std::string_view milestone) {
    return milestone == "opensbi" || milestone == "u-boot" || milestone == "kernel";
}

bool ends_a_boot(const failure& one) {
    return one.kind == "emergency" || one.kind == "no-root" || one.kind == "no-init";
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
    lines_.feed(piece.bytes, [this](std::string_view raw) { take_line(raw); });
    pass_on();
}

void log_survey::hear(const log_remark& remark) {
    failure said;
    said.kind = "lava";
    said.title = said.line = remark.text;
    said.fatal = remark.failed;
    found_.log_seconds = remark.seconds;
    add(std::move(said), std::nullopt);
}

void log_survey::take_line(std::string_view raw) {
    if (command_runs_ && quotes_kernel(raw)) return;
    unheard_ += raw;
    if (!may_have_prompt(raw)) return;
    pass_on();
    take_prompt(shown(raw), false);
}

void log_survey::pass_on() {
    for (std::string_view rest = unheard_; !rest.empty();) {
        rest.remove_prefix(console_.feed(rest));
        take_events();
    }
    unheard_.clear();
}

void log_survey::finish() {
    const auto& open = lines_.begun();
    unheard_ += open;
    pass_on();
    console_.finish();
    take_events();
    if (!open.empty()) take_prompt(shown(open), true);
    note_moved_console();
}

void log_survey::take_prompt(std::string_view line, bool open) {
    const auto seen = prompts_.on_line(line, open);
    if (!seen) return;
    const auto prompt = printable(trim(line.substr(0, seen->prompt.length)));
    const auto typed_end = interruption_in(line).value_or(line.size());
    const auto command =
        trim(line.substr(0, typed_end).substr(std::min(seen->prompt.length, typed_end)));
    switch (seen->prompt.kind) {
        case prompt_kind::loader:  // the console engine tells of it
            return;
        case prompt_kind::rescue:
        case prompt_kind::maintenance:
            return note_rescue(prompt);
        case prompt_kind::shell:
        case prompt_kind::plain:
            break;
    }
    if (!seen->proven) return;
    if (!std::exchange(shell_seen_, true))
        found_.timeline.push_back({"shell", prompt, std::nullopt, found_.log_seconds});
    forget_quoted_panics();
    command_runs_ = !command.empty();
    if (command_runs_) console_.on_typed(std::string(command) + "\r");
}

/// A kernel that has panicked runs no shell: what a second prompt comes behind was only printed.
void log_survey::forget_quoted_panics() {
    if (!std::exchange(prompted_since_, true)) return;
    const auto doubtful = found_.failures.begin() + static_cast<std::ptrdiff_t>(first_doubtful_);
    const auto quoted =
        std::ranges::remove_if(doubtful, found_.failures.end(), [](const log_failure& one) {
            return one.what.line.find("Kernel panic - not syncing") != std::string::npos;
        });
    found_.failures.erase(quoted.begin(), quoted.end());
    first_doubtful_ = found_.failures.size();
    prompted_since_ = false;
}

void log_survey::note_rescue(const std::string& prompt) {
    const bool told = std::ranges::any_of(found_.failures, [](const log_failure& one) {
        return one.what.fatal && ends_a_boot(one.what);
    });
    if (told) return;
    failure rescue;
    rescue.kind = "emergency";
    rescue.title =
        fmt::format("the boot ended at \"{}\", which is no prompt of the guest's shell", prompt);
    rescue.fatal = true;
    rescue.line = prompt;
    add(std::move(rescue), std::nullopt);
}

void log_survey::note_moved_console() {
    const auto lines = console_.last_lines(10);
    const auto last = std::ranges::find_if(
        lines.rbegin(), lines.rend(), [](std::string_view line) { return !trim(line).empty(); });
    const bool is_last_word = last != lines.rend() && last->find("console [") != last->npos;
    const auto screen = is_last_word ? kernel_console_.screen_alone() : std::nullopt;
    if (!screen) return;
    failure moved;
    moved.kind = "console";
    moved.title = fmt::format(
        "the kernel's console went to {}, and nothing more comes here: the "
        "last console= on its command line counts",
        *screen);
    moved.line = moved.title;
    moved.fatal = true;
    add(std::move(moved), kernel_seconds());
}

void log_survey::take_events() {
    while (const auto event = console_.next())
        std::visit([this](const auto& one) { note(one); }, *event);
}

void log_survey::note(const failure& one) {
    if (one.kind == "reset") {
        prompts_.on_milestone("reset");
        console_.on_reset();
    }
    add(one, kernel_seconds_in(one.line));
    if (!command_runs_ || one.kind == "reset") first_doubtful_ = found_.failures.size();
}

void log_survey::add(failure what, std::optional<double> kernel_seconds) {
    if (found_.failures.size() == most_failures) {
        ++found_.failures_left_out;
        return;
    }
    log_failure found;
    found.what = std::move(what);
    found.kernel_seconds = kernel_seconds;
    found.log_seconds = found_.log_seconds;
    found_.failures.push_back(std::move(found));
    prompted_since_ = false;
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
    prompts_.on_milestone(reached.kind);
    if (reached.kind == "console") return kernel_console_.on_console(reached.title);
    if (reached.kind == "kernel") {
        found_.facts["kernel"] = reached.title;
        kernel_console_ = {};
    }
    if (begins_anew(reached.kind)) {
        if (reached.kind != "kernel") console_.on_reset();
        command_runs_ = false;
        first_doubtful_ = found_.failures.size();
    }
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

}  // namespace qh
