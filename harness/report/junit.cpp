#include "report/junit.hpp"

#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "report/report_text.hpp"

namespace qh {
namespace {

void set(pugi::xml_node node, const char* name, const std::string& value) {
    node.append_attribute(name).set_value(value.c_str());
}

std::string seconds_text(double seconds) {
    return fmt::format("{:.3f}", seconds);
}

struct totals {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    double seconds = 0;
};

template <described_enum Outcome>
pugi::xml_node add_problem(pugi::xml_node test, const char* element, Outcome type,
                           const std::string& message) {
    auto problem = test.append_child(element);
    set(problem, "message", message);
    set(problem, "type", std::string(name_of(type)));
    return problem;
}

/// A pass after failures, or more failures after the first.
void add_other_attempts(pugi::xml_node test, const cell_result& cell, bool is_flaky) {
    bool first = true;
    for (const auto& attempt : cell.attempts) {
        const bool told_already = std::exchange(first, false) && !is_flaky;
        if (attempt.outcome == run_outcome::passed || told_already) continue;
        add_problem(test, is_flaky ? "flakyFailure" : "rerunFailure", attempt.outcome,
                    plain(attempt.reason));
    }
}

void add_verdict(pugi::xml_node test, const cell_result& cell, totals& sum) {
    const auto add_failure = [&](const char* element) {
        const auto reason = plain(cell.reason);
        auto problem = add_problem(test, element, cell.outcome, reason);
        problem.text().set((reason + "\n" + evidence_of(cell)).c_str());
        add_other_attempts(test, cell, false);
    };
    switch (cell.status) {
        case cell_status::passed:
            break;
        case cell_status::failed:
            add_failure("failure");
            ++sum.failures;
            break;
        case cell_status::infra_error:
            add_failure("error");
            ++sum.errors;
            break;
        case cell_status::flaky:
            add_other_attempts(test, cell, true);
            break;
        case cell_status::expected_failure:
        case cell_status::quarantined:
        case cell_status::not_run:
            set(test.append_child("skipped"), "message", excuse_of(cell));
            ++sum.skipped;
            break;
    }
}

void add_case(pugi::xml_node suite, const cell_result& cell, const std::string& class_name,
              totals& sum) {
    auto test = suite.append_child("testcase");
    set(test, "name", plain(cell.what.name));
    set(test, "classname", class_name);
    set(test, "time", seconds_text(cell.seconds));
    ++sum.tests;
    sum.seconds += cell.seconds;
    add_verdict(test, cell, sum);
    if (const auto steps = steps_of(cell); !steps.empty())
        test.append_child("system-out").text().set(steps.c_str());
}

void set_totals(pugi::xml_node node, const totals& sum) {
    set(node, "tests", std::to_string(sum.tests));
    set(node, "failures", std::to_string(sum.failures));
    set(node, "errors", std::to_string(sum.errors));
    set(node, "time", seconds_text(sum.seconds));
}

}  // namespace

std::string junit_report(const night_result& night) {
    std::map<std::string, std::vector<const cell_result*>> suites;
    for (const auto& cell : night.cells) suites[scenario_of(cell)].push_back(&cell);
    const auto matrix = plain(night.matrix);
    pugi::xml_document document;
    auto root = document.append_child("testsuites");
    set(root, "name", matrix);
    totals all;
    for (const auto& [scenario, cells] : suites) {
        auto suite = root.append_child("testsuite");
        const auto name = matrix + "." + scenario;
        set(suite, "name", name);
        // The form of xs:dateTime without a zone, which Jenkins' schema wants.
        if (!night.started.empty())
            set(suite, "timestamp", plain(night.started.substr(0, night.started.find('Z'))));
        totals sum;
        for (const auto* cell : cells) add_case(suite, *cell, name, sum);
        set_totals(suite, sum);
        set(suite, "skipped", std::to_string(sum.skipped));
        all.tests += sum.tests;
        all.failures += sum.failures;
        all.errors += sum.errors;
        all.seconds += sum.seconds;
    }
    set_totals(root, all);
    std::ostringstream text;
    document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
    return text.str();
}

}  // namespace qh
