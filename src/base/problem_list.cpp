#include "base/problem_list.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace qh {
namespace {

constexpr std::size_t most_problems = 100;

}  // namespace

void problem_list::add(const document_error& mistake) {
    ++errors_;
    if (!first_) first_ = mistake;
    keep({false, mistake.file(), mistake.position(), mistake.message(), mistake.what()});
}

void problem_list::warn(const json_document& document, const json_path& path,
                        const std::string& message) {
    ++warnings_;
    const auto position = document.position(path);
    keep({true, document.name(), position, message,
          diagnostic(document.name(), document.text(), position, message, "warning")});
}

void problem_list::keep(problem found) {
    if (problems_.size() < most_problems) problems_.push_back(std::move(found));
}

std::vector<problem> problem_list::sorted() const {
    std::map<std::string, std::size_t> turns;
    for (const auto& one : problems_) turns.emplace(one.file, turns.size());
    auto sorted = problems_;
    std::ranges::stable_sort(sorted, {}, [&](const problem& one) {
        return std::tuple(turns.at(one.file), one.position.line, one.position.column);
    });
    return sorted;
}

std::string problem_list::text() const {
    std::string text;
    for (const auto& one : sorted()) text += one.text + "\n";
    const auto left_out = errors_ + warnings_ - problems_.size();
    if (left_out > 0) text += fmt::format("and {} more\n", left_out);
    return text;
}

void problem_list::throw_errors() const {
    if (errors_ == 0) return;
    std::string text;
    for (const auto& one : sorted())
        if (!one.is_warning) text += (text.empty() ? "" : "\n") + one.text;
    throw error(fault::usage, text);
}

void problem_list::throw_first() const {
    if (first_) throw document_error(*first_);
}

}  // namespace qh
