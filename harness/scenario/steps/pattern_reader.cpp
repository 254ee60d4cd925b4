#include "scenario/steps/pattern_reader.hpp"

#include <re2/re2.h>

#include "scenario/text/regex_problem.hpp"

namespace qh {
void check_pattern(const object_reader& reader, const std::string& key, const std::string& pattern,
                   std::size_t index) {
    const auto mistake = regex_problem(pattern);
    if (!mistake.empty())
        throw reader.text_problem(
            key, index, fmt::format("\"{}\" is no regex that RE2 can run: {}", key, mistake));
}

void check_patterns(const object_reader& reader, const std::string& key,
                    const std::vector<std::string>& patterns) {
    for (std::size_t i = 0; i < patterns.size(); ++i) check_pattern(reader, key, patterns[i], i);
}

std::vector<std::string> group_names(const std::string& pattern) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    std::vector<std::string> names;
    for (const auto& [index, name] : compiled.CapturingGroupNames()) names.push_back(name);
    return names;
}

}  // namespace qh
