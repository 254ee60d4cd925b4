// The comparisons that a step's "check" lists: `arch == riscv64`, `python version >= 3.8`.
#pragma once

#include <string>
#include <string_view>

#include "scenario/text/template_text.hpp"

namespace qh {

/// `LEFT OP RIGHT`, OP one of == != < <= > >= contains, or one of the six with `version` before
/// it. A side is a name the run knows (a capture, a parameter, a fact) or else a text, in
/// which `{{name}}` is its value. == and != compare numbers as numbers and all else as text; the
/// orders want numbers. Numbers may have units of time or size ("8G", "300ms"); those of unlike
/// units are never in order.
struct comparison {
    std::string left;
    std::string op;
    std::string right;
    bool as_versions = false;

    std::string text() const;
};

/// Throws a usage error that shows the form where `text` has another.
comparison parse_comparison(std::string_view text);

struct comparison_result {
    bool holds = false;
    /// The comparison with its values: `arch == riscv64 (arch is x86_64)`.
    std::string explanation;
};

comparison_result evaluate(const comparison& comparison, const name_lookup& lookup);

}  // namespace qh
