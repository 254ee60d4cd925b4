#include "console/line_prefilter.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace qh {
namespace {

/// A shorter word is found too often to spare anything.
constexpr int shortest_word = 2;

}  // namespace

line_prefilter::line_prefilter(const std::vector<std::string>& regexes, method method)
    : all_(regexes.size()), filter_(shortest_word) {
    std::iota(all_.begin(), all_.end(), 0);
    if (regexes.empty()) return;
    if (method == method::fastest) make_filter(regexes);
    if (words_) return;
    const re2::RE2::Options options(re2::RE2::Quiet);
    set_ = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
    for (const auto& regex : regexes) set_->Add(regex, nullptr);
    set_->Compile();
}

void line_prefilter::make_filter(const std::vector<std::string>& regexes) {
    const re2::RE2::Options options(re2::RE2::Quiet);
    int id = 0;
    for (const auto& regex : regexes) filter_.Add(regex, options, &id);
    std::vector<std::string> words;
    filter_.Compile(&words);
    // RE2 folds the case of all letters, the scanner that of ASCII's.
    if (!std::ranges::all_of(words, is_ascii)) return;
    words_ = literal_scanner::make(words);
    if (!words_) return;
    std::vector<int> always;
    filter_.AllPotentials({}, &always);
    needs_every_line_ = !always.empty();
}

void line_prefilter::scan(std::string_view lines,
                          const std::function<bool(const candidate&)>& on_line) const {
    if (all_.empty()) return;
    std::vector<hit> hits;
    bool every_line = true;
    if (words_) {
        words_->scan(lines, [&](std::size_t word, std::size_t end) {
            hits.push_back({end, static_cast<int>(word)});
            return true;
        });
        every_line = needs_every_line_ || !is_ascii(lines);
    }
    std::span<const hit> rest(hits);
    std::size_t begin = 0;
    while (begin < lines.size()) {
        if (!every_line) {
            if (rest.empty()) return;
            begin = lines.rfind('\n', rest.front().end - 1) + 1;
            if (begin == lines.size()) return;
        }
        const auto end = lines.find('\n', begin);
        const auto beyond =
            std::ranges::find_if(rest, [&](const hit& found) { return found.end > end; });
        const auto here = rest.first(static_cast<std::size_t>(beyond - rest.begin()));
        rest = rest.subspan(here.size());
        const auto regexes = may_match(lines.substr(begin, end - begin), here);
        if (!regexes.empty() && !on_line({begin, end, regexes})) return;
        begin = end + 1;
    }
}

/// The regexes that may match `line`, in which `hits` were found.
std::vector<int> line_prefilter::may_match(std::string_view line, std::span<const hit> hits) const {
    std::vector<int> found;
    const re2::StringPiece text(line.data(), line.size());
    if (set_) {
        re2::RE2::Set::ErrorInfo problem{re2::RE2::Set::kNoError};
        if (!set_->Match(text, &found, &problem) && problem.kind != re2::RE2::Set::kNoError)
            return all_;
    } else if (is_ascii(line)) {
        std::vector<int> words;
        for (const auto& one : hits) words.push_back(one.word);
        std::ranges::sort(words);
        words.erase(std::unique(words.begin(), words.end()), words.end());
        filter_.AllPotentials(words, &found);
    } else {
        return all_;
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace qh
