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

pugi::xml_node add_problem(pugi::xml_node test, const char* element, const std::string& type,
                           const std::string& message) {
    auto problem = test.append_child(element);
    set(problem, "message", message);
    set(problem, "type", type);
    return problem;
}

/// A pass after failures, or more failures after the first.
void add_other_attempts(pugi::xml_node test, const json& cell, bool is_flaky) {
    bool first = true;
    for (const auto& attempt : cell["attempts"]) {
        const auto outcome = text_of(attempt, "outcome");
        const bool told_already = std::exchange(first, false) && !is_flaky;
        if (outcome == "passed" || told_already) continue;
        add_problem(test, is_flaky ? "flakyFailure" : "rerunFailure", outcome,
                    text_of(attempt, "reason"));
    }
}

void add_case(pugi::xml_node suite, const json& cell, const std::string& class_name, totals& sum) {
    auto test = suite.append_child("testcase");
    set(test, "name", text_of(cell, "name"));
    set(test, "classname", class_name);
    set(test, "time", seconds_text(cell.value("seconds", 0.0)));
    ++sum.tests;
    sum.seconds += cell.value("seconds", 0.0);
    const auto status = text_of(cell, "status");
    const auto reason = text_of(cell, "reason");
    if (status == "failed" || status == "infra_error") {
        const bool failed = status == "failed";
        auto problem =
            add_problem(test, failed ? "failure" : "error", text_of(cell, "outcome"), reason);
        problem.text().set((reason + "\n" + evidence_of(cell)).c_str());
        ++(failed ? sum.failures : sum.errors);
        add_other_attempts(test, cell, false);
    } else if (status == "flaky") {
        add_other_attempts(test, cell, true);
    } else if (const auto excuse = excuse_of(cell); !excuse.empty()) {
        set(test.append_child("skipped"), "message", excuse);
        ++sum.skipped;
    }
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

std::string junit_report(const json& night) {
    std::map<std::string, std::vector<const json*>> suites;
    for (const auto& cell : night.at("cells"))
        suites[text_of(cell["point"], "scenario")].push_back(&cell);
    pugi::xml_document document;
    auto root = document.append_child("testsuites");
    set(root, "name", text_of(night, "matrix"));
    totals all;
    for (const auto& [scenario, cells] : suites) {
        auto suite = root.append_child("testsuite");
        const auto name = text_of(night, "matrix") + "." + scenario;
        set(suite, "name", name);
        // The form of xs:dateTime without a zone, which Jenkins' schema wants.
        if (const auto started = text_of(night, "started"); !started.empty())
            set(suite, "timestamp", started.substr(0, started.find('Z')));
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
