// All that is wrong with a file, rather than the first thing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.hpp"
#include "base/json.hpp"

namespace qh {

/// A "note" is worth knowing and nothing to mend.
enum class severity { error, warning, note };
BOOST_DESCRIBE_ENUM(severity, error, warning, note)

/// A mistake, or something that is probably one, and where.
struct problem {
    severity level = severity::error;
    std::string file;
    text_range range;
    std::string message;
    std::string text;  ///< as a compiler shows it: position, message, the line and a caret
};

/// Bounded: of each severity what comes after the hundredth is only counted, and after two hundred
/// errors nothing is looked for any more. The same at the same place, as in a file that is included
/// twice, counts once.
class problem_list {
  public:
    static constexpr std::size_t most_errors = 200;

    void add(const document_error& mistake);
    void warn(const json_document& document, const json_path& path, const std::string& message) {
        add(severity::warning, document, path, message);
    }
    void note(const json_document& document, const json_path& path, const std::string& message) {
        add(severity::note, document, path, message);
    }

    void forget_notes();

    /// Runs `work`; a document_error that leaves it goes on the list. Does nothing once there are
    /// too many.
    template <typename Work>
    void attempt(Work&& work) {
        if (errors() >= most_errors) return;
        try {
            work();
        } catch (const document_error& mistake) {
            add(mistake);
        }
    }

    /// In the order of their positions, file by file as they came up.
    std::vector<problem> sorted() const;
    std::size_t errors() const { return count_of(severity::error); }
    std::size_t warnings() const { return count_of(severity::warning); }
    std::size_t notes() const { return count_of(severity::note); }

    /// All texts, and the number of those that were left out.
    std::string text() const;

    /// Throws a usage error with the texts of the errors, where there is one.
    void throw_errors() const;

    /// Throws the first error as it was added, where there is one.
    void throw_first() const;

  private:
    void add(severity level, const json_document& document, const json_path& path,
             const std::string& message);
    void keep(problem found);
    std::string more(severity level) const;
    std::size_t count_of(severity one) const { return counts_[static_cast<std::size_t>(one)]; }

    std::vector<problem> problems_;
    std::optional<document_error> first_;
    std::array<std::size_t, 3> counts_{};  ///< by severity
};

}  // namespace qh
