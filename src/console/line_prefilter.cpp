#include "console/line_prefilter.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace qh {
namespace {

/// Preparing the words takes milliseconds, in which RE2 alone gets through this much text.
constexpr std::size_t worth_the_words = 256 << 10;

/// The characters beyond ASCII that RE2 folds to ASCII letters, which the scanner does not:
/// U+017F (long s) and U+212A (the Kelvin sign).
bool folds_to_ascii(std::string_view text) {
    constexpr std::string_view long_s = "\xC5\xBF", kelvin = "\xE2\x84\xAA";
    return text.find(long_s) != std::string_view::npos ||
           text.find(kelvin) != std::string_view::npos;
}

}  // namespace

line_prefilter::line_prefilter(const std::vector<std::string>& regexes, method method)
    : regexes_(regexes), method_(method), all_(regexes.size()) {
    std::iota(all_.begin(), all_.end(), 0);
    if (regexes.empty()) return;
    const re2::RE2::Options options(re2::RE2::Quiet);
    set_ = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
    for (const auto& regex : regexes) set_->Add(regex, nullptr);
    set_->Compile();
    if (method == method::words) make_filter();
}

/// Long words are found seldom, so the longest are looked for that leave no regex without one.
void line_prefilter::make_filter() {
    method_ = method::words;
    const re2::RE2::Options options(re2::RE2::Quiet);
    std::vector<std::string> words;
    for (const int shortest_word : {4, 3, 2}) {
        filter_.emplace(shortest_word);
        int id = 0;
        for (const auto& regex : regexes_) filter_->Add(regex, options, &id);
        filter_->Compile(&words);
        filter_->AllPotentials({}, &always_);
        if (always_.empty()) break;
    }
    std::ranges::sort(always_);
    if (std::ranges::all_of(words, is_ascii)) words_ = literal_scanner::make(words);
}

void line_prefilter::scan(std::string_view lines,
                          const std::function<bool(const candidate&)>& on_line) {
    if (all_.empty()) return;
    scanned_bytes_ += lines.size();
    if (method_ == method::adaptive && scanned_bytes_ > worth_the_words) make_filter();
    hits_.clear();
    bool every_line = true;
    if (words_) {
        const bool complete = words_->scan(lines, [&](std::size_t word, std::size_t end) {
            hits_.push_back({end, static_cast<int>(word)});
        });
        if (!complete) words_.reset();
    }
    if (words_) {
        every_line = !always_.empty() || folds_to_ascii(lines);
    }
    std::span<const hit> rest(hits_);
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

/// The regexes that may match `line`, in which `hits` were found; until the next call.
std::span<const int> line_prefilter::may_match(std::string_view line, std::span<const hit> hits) {
    const re2::StringPiece text(line.data(), line.size());
    found_.clear();
    if (!words_) {
        re2::RE2::Set::ErrorInfo problem{re2::RE2::Set::kNoError};
        if (!set_->Match(text, &found_, &problem) && problem.kind != re2::RE2::Set::kNoError)
            return all_;
    } else if (folds_to_ascii(line)) {
        return all_;
    } else if (hits.empty()) {
        return always_;
    } else {
        hit_words_.clear();
        for (const auto& one : hits) hit_words_.push_back(one.word);
        std::ranges::sort(hit_words_);
        hit_words_.erase(std::unique(hit_words_.begin(), hit_words_.end()), hit_words_.end());
        filter_->AllPotentials(hit_words_, &found_);
    }
    std::ranges::sort(found_);
    return found_;
}

}  // namespace qh
