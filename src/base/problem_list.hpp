// All that is wrong with a file, rather than the first thing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// A mistake, or something that is probably one, and where.
struct problem {
    bool is_warning = false;
    std::string file;
    text_position position;
    std::string message;
    std::string text;  ///< as a compiler shows it: position, message, the line and a caret
};

/// Bounded: what comes after the hundredth is only counted.
class problem_list {
  public:
    void add(const document_error& mistake);
    void warn(const json_document& document, const json_path& path, const std::string& message);

    /// Runs `work`; a document_error that leaves it goes on the list.
    template <typename Work>
    void attempt(Work&& work) {
        try {
            work();
        } catch (const document_error& mistake) {
            add(mistake);
        }
    }

    /// In the order of their positions, file by file as they came up.
    std::vector<problem> sorted() const;
    std::size_t errors() const { return errors_; }
    std::size_t warnings() const { return warnings_; }

    /// All texts, and the number of those that were left out.
    std::string text() const;

    /// Throws a usage error with the texts of the errors, where there is one.
    void throw_errors() const;

    /// Throws the first error as it was added, where there is one.
    void throw_first() const;

  private:
    void keep(problem found);

    std::vector<problem> problems_;
    std::optional<document_error> first_;
    std::size_t errors_ = 0, warnings_ = 0;
};

}  // namespace qh
