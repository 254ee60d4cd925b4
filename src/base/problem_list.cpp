#include "base/problem_list.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace qh {
namespace {

constexpr std::size_t most_of_a_severity = 100;

}  // namespace

/// How many of this sort are not shown.
std::string problem_list::more(severity level) const {
    const auto count = count_of(level);
    if (count <= most_of_a_severity) return {};
    return fmt::format("and {}{} more {}s\n", count - most_of_a_severity,
                       level == severity::error && count >= most_errors ? " or" : "",
                       name_of(level));
}

bool problem_list::keep(problem found) {
    const bool is_known = std::ranges::any_of(problems_, [&](const problem& one) {
        return one.range.begin == found.range.begin && one.text == found.text;
    });
    if (is_known) return false;
    auto& count = counts_[static_cast<std::size_t>(found.level)];
    if (++count > most_of_a_severity) return false;
    problems_.push_back(std::move(found));
    return true;
}

void problem_list::add(const document_error& mistake) {
    if (keep({severity::error, mistake.file(), mistake.range(), mistake.message(), mistake.what()}))
        mistakes_.push_back(mistake);
}

void problem_list::add(const document_errors& mistakes) {
    for (const auto& mistake : mistakes.all()) add(mistake);
}

void problem_list::add(severity level, const json_document& document, const json_path& path,
                       const std::string& message) {
    const auto range = document.range(path);
    keep({level, document.name(), range, message,
          diagnostic(document.name(), document.line(range.begin.line), range.begin, message,
                     name_of(level))});
}

void problem_list::forget_notes() {
    std::erase_if(problems_, [](const problem& one) { return one.level == severity::note; });
    counts_[static_cast<std::size_t>(severity::note)] = 0;
}

std::vector<problem> problem_list::sorted() const {
    std::map<std::string, std::size_t> turns;
    for (const auto& one : problems_) turns.emplace(one.file, turns.size());
    auto sorted = problems_;
    std::ranges::stable_sort(sorted, {}, [&](const problem& one) {
        return std::pair(turns.at(one.file), one.range.begin);
    });
    return sorted;
}

std::string problem_list::text() const {
    std::string text;
    for (const auto& one : sorted()) text += one.text + "\n";
    return text + more(severity::error) + more(severity::warning) + more(severity::note);
}

void problem_list::throw_errors() const {
    if (errors() == 0) return;
    std::string text;
    for (const auto& one : sorted())
        if (one.level == severity::error) text += one.text + "\n";
    text += more(severity::error);
    text.pop_back();
    throw error(fault::usage, text);
}

void problem_list::throw_all() const {
    if (!mistakes_.empty()) throw document_errors(mistakes_);
}

}  // namespace qh
