// All that is wrong with a file, rather than the first thing.
#pragma once

#include <array>
#include <string>
#include <utility>
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

/// Several mistakes of a document. Who can tell only one tells the first.
class document_errors : public document_error {
  public:
    /// `all` is not empty.
    explicit document_errors(std::vector<document_error> all)
        : document_error(all.front()), all_(std::move(all)) {}

    const std::vector<document_error>& all() const { return all_; }

  private:
    std::vector<document_error> all_;
};

/// Bounded: of each severity what comes after the hundredth is only counted, and after two hundred
/// errors nothing is looked for any more. The same at the same place, as in a file that is included
/// twice, counts once.
class problem_list {
  public:
    static constexpr std::size_t most_errors = 200;

    void add(const document_error& mistake);
    void add(const document_errors& mistakes);
    void warn(const json_document& document, const json_path& path, const std::string& message) {
        add(severity::warning, document, path, message);
    }
    void note(const json_document& document, const json_path& path, const std::string& message) {
        add(severity::note, document, path, message);
    }

    void forget_notes();

    /// Runs `work`; a document_error that leaves it goes on the list, of several all. Does nothing
    /// once there are too many.
    template <typename Work>
    void attempt(Work&& work) {
        if (errors() >= most_errors) return;
        try {
            work();
        } catch (const document_errors& mistakes) {
            add(mistakes);
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

    /// Throws the errors as they were added, where there is one. This is for a reader that has no
    /// list to add to: its own list lets it go on behind a mistake.
    void throw_all() const;

  private:
    void add(severity level, const json_document& document, const json_path& path,
             const std::string& message);
    /// Whether it was kept: it was not known, nor one too many.
    bool keep(problem found);
    std::string more(severity level) const;
    std::size_t count_of(severity one) const { return counts_[static_cast<std::size_t>(one)]; }

    std::vector<problem> problems_;
    std::vector<document_error> mistakes_;  ///< those of `problems_` that are errors
    std::array<std::size_t, 3> counts_{};   ///< by severity
};

}  // namespace qh
