// What to know on a console without being asked: failures and milestones, as data.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.hpp"
#include "base/json.hpp"
#include "base/units.hpp"

namespace qh {

/// Who must have said it.
enum class speaker {
    kernel,    ///< behind a time stamp, once the kernel is known to print them
    firmware,  ///< at a line's beginning
    loader,    ///< the same, and only before a kernel has begun
    init,      ///< anyone, but once in a boot, and before anything was typed
    anyone,
};
BOOST_DESCRIBE_ENUM(speaker, kernel, firmware, loader, init, anyone)

enum class pattern_role {
    failure,
    milestone,  ///< how far a boot has come
    lead,       ///< announces a failure: its trace begins here, its name comes later
};

enum class gravity {
    note,
    setback,    ///< a note where a kernel begins after it, else fatal
    stuck,      ///< nothing where a kernel begins after it, else fatal
    suspected,  ///< fatal, unless the host was too busy for the guest
    fatal,      ///< no verdict but a failed one is true after it
    final,      ///< the same, and nothing works any more
};
BOOST_DESCRIBE_ENUM(gravity, note, setback, stuck, suspected, fatal, final)

/// A pattern of the file, whose format is told in scenarios/lib/failure_patterns.json.
struct console_pattern {
    std::string kind;
    pattern_role role = pattern_role::failure;
    gravity severity = gravity::note;
    bool by_scenario = false;
    bool repeated = false;   ///< counts from the second time on
    bool continues = false;  ///< goes on with the report that another one has begun
    bool has_trace = false;  ///< the lines behind it are its report
    speaker said_by = speaker::kernel;
    std::optional<Duration> watchdog;  ///< that the guest's clock has gone by when it says this
    std::string title;  ///< rewrites `start`'s groups; empty: the message itself, normalised
    std::unique_ptr<re2::RE2> start;
    std::unique_ptr<re2::RE2> end;  ///< of the trace, where that has a mark at its end
};

/// Whether `regex` matches from the message's beginning.
bool begins_with(std::string_view message, const re2::RE2& regex);

class console_patterns {
  public:
    /// Throws a usage error that points into the file on a mistake there.
    explicit console_patterns(const json_document& document);

    /// Adds what a scenario brings at `path`: `{"patterns": […], "allow": […]}`. Its patterns come
    /// before those already here; a failure that begins like one of "allow" is none.
    void add_from_scenario(const json_document& document, const json_path& path);

    const std::deque<console_pattern>& all() const { return patterns_; }

    bool is_benign(std::string_view message) const;

    /// Whether only a failure's report has lines like `message`: registers, frames.
    bool is_report_line(std::string_view message) const;

    /// The function that a line of a report names, or empty: where it names none, or a helper that
    /// stands between the failure and its report, or between a fault and who caused it.
    std::string site(std::string_view message) const;

  private:
    void read_patterns(const json_document& document, const json_path& list, pattern_role role);
    void read_benign(const json_document& document, const json_path& list,
                     const std::vector<std::string>& regexes);
    void read_reports(const json_document& document);

    std::deque<console_pattern> patterns_;
    std::vector<std::unique_ptr<re2::RE2>> benign_;
    std::unique_ptr<re2::RE2> report_line_, site_, helper_;
};

}  // namespace qh
