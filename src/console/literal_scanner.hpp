// Finds any of many words in a text, in one pass.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// By vectorscan, at several gigabytes a second. ASCII letters match in either case.
class literal_scanner {
  public:
    /// Nothing where qharness was built without vectorscan, this processor cannot run it, or it
    /// refuses the words (none, or an empty one).
    static std::optional<literal_scanner> make(const std::vector<std::string>& words);

    ~literal_scanner();
    literal_scanner(literal_scanner&&) noexcept;
    literal_scanner& operator=(literal_scanner&&) noexcept;

    /// Calls `on_word(index, end)` for each word found, in the order of where they end. False where
    /// vectorscan gave up, so that words may have been missed.
    bool scan(std::string_view text,
              const std::function<void(std::size_t index, std::size_t end)>& on_word) const;

  private:
    struct database;
    explicit literal_scanner(std::unique_ptr<database> words);

    std::unique_ptr<database> database_;
};

}  // namespace qh
