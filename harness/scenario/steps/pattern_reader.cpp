#include "scenario/steps/pattern_reader.hpp"

#include <re2/re2.h>

#include "base/error.hpp"
#include "scenario/text/regex_problem.hpp"

namespace qh {

void check_pattern(const std::string& key, const std::string& pattern) {
    const auto mistake = regex_problem(pattern);
    if (!mistake.empty())
        throw usage_error("\"{}\" is no regex that RE2 can run: {}", key, mistake);
}
std::vector<std::string> read_patterns(object_reader& reader, const std::string& key) {
    return reader.texts(key, [&](const std::string& pattern) { check_pattern(key, pattern); });
}

std::vector<std::string> group_names(const std::string& pattern) {
    const re2::RE2 compiled(pattern, re2::RE2::Quiet);
    std::vector<std::string> names;
    for (const auto& [index, name] : compiled.CapturingGroupNames()) names.push_back(name);
    return names;
}

}  // namespace qh
