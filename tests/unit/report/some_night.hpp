// A night with a cell of every kind, a to g, for reports to be made of.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "matrix/night_json.hpp"

namespace qh::test {

inline const std::string hostile =
    "</script><img src=x onerror=alert(1)>\x1b[2J ]]> &amp; \xEF\xBF\xBF # x";

inline json some_cell(const std::string& name, const std::string& status,
                      const std::string& outcome, const std::string& reason = "") {
    return {{"name", name},
            {"point", {{"scenario", "s.json"}, {"cpu", "rv64"}}},
            {"status", status},
            {"outcome", outcome},
            {"reason", reason},
            {"seconds", 1.5},
            {"attempts",
             {{{"outcome", outcome}, {"reason", reason}, {"record", "r"}, {"seconds", 1.5}}}},
            {"steps", {{{"name", "boot"}, {"outcome", "passed"}, {"seconds", 1.0}}}}};
}

inline json some_night_document() {
    auto failed = some_cell("b", "failed", "panicked", hostile);
    failed["excerpt"] = hostile;
    failed["attempts"] = {{{"outcome", "failed"}, {"reason", "first"}},
                          {{"outcome", "panicked"}, {"reason", "second"}}};
    auto flaky = some_cell("c", "flaky", "flaky", "passed at attempt 2");
    flaky["attempts"] = {{{"outcome", "failed"}, {"reason", "once"}},
                         {{"outcome", "passed"}, {"reason", ""}}};
    auto expected = some_cell("d", "expected_failure", "hung", "silent");
    expected["expected"] = {{"outcomes", {"hung"}}, {"reason", "known"}, {"until", "2027-01-01"}};
    auto quarantined = some_cell("e", "quarantined", "failed", "x");
    quarantined["quarantine"] = "new board";
    auto not_run = some_cell("g", "not_run", "not_run");
    not_run["attempts"] = json::array();
    not_run.erase("steps");
    return {{"matrix", "m"},
            {"started", "2026-11-26T01:00:00Z"},
            {"wall_s", 9},
            {"counts", {{"passed", 1}, {"failed", 1}}},
            {"cells",
             {some_cell("a", "passed", "passed"), failed, flaky, expected, quarantined,
              some_cell("f", "infra_error", "infra_error", "QEMU exited with status 1"), not_run}}};
}

inline night_result some_night() {
    return night_from_json(some_night_document());
}

/// The same with other cells.
inline night_result some_night_of(std::vector<json> cells) {
    auto night = some_night_document();
    night["cells"] = std::move(cells);
    return night_from_json(night);
}

}  // namespace qh::test
