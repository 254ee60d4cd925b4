#include "report/kcidb.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/digest.hpp"
#include "base/units.hpp"
#include "report/report_text.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_excerpt = 16384;

/// A part of a test's path, of the characters that KCIDB allows.
std::string path_part(std::string_view name) {
    std::string part;
    for (const char c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-')
            part += c;
        else if (!part.empty() && part.back() != '_')
            part += '_';
    while (!part.empty() && part.back() == '_') part.pop_back();
    return part.empty() ? "_" : part;
}

/// A program's own test, "suite / case", as a path.
std::string path_of_result(const std::string& name) {
    constexpr std::string_view between = " / ";
    std::string path;
    for (std::size_t at = 0; at <= name.size();) {
        const auto end = std::min(name.find(between, at), name.size());
        path += (path.empty() ? "" : ".") + path_part(name.substr(at, end - at));
        at = end + between.size();
    }
    return path;
}

std::string scenario_of(const json& cell) {
    const auto file = text_of(cell.at("point"), "scenario");
    const auto name = file.substr(file.rfind('/') + 1);
    return path_part(name.substr(0, name.rfind(".json")));
}

const char* status_of_cell(const std::string& status) {
    if (status == "passed" || status == "flaky") return "PASS";
    return status == "infra_error" || status == "not_run" ? "MISS" : "FAIL";
}

/// What comes behind a failed step is not run, and says nothing of the kernel.
const char* status_of_step(const std::string& outcome) {
    if (outcome == "passed") return "PASS";
    return outcome == "skipped" || outcome == "not_run" ? "SKIP" : "FAIL";
}

void set_text(json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

std::string last_part(const std::string& text) {
    if (text.size() <= longest_excerpt) return text;
    auto from = text.size() - longest_excerpt;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
    return text.substr(from);
}

class report_builder {
  public:
    report_builder(const json& night, std::string origin)
        : night_(night), origin_(std::move(origin)) {
        for (const auto* list : {"checkouts", "builds", "tests", "issues", "incidents"})
            report_[list] = json::array();
        report_["version"] = {{"major", 5}, {"minor", 3}};
    }

    json run() {
        for (const auto& cell : night_.at("cells")) add_cell(cell);
        return std::move(report_);
    }

  private:
    std::string id(const std::string& rest) const { return origin_ + ":" + rest; }
    json object(const std::string& its_id) const { return {{"id", its_id}, {"origin", origin_}}; }

    /// The build that a cell ran, which is told before it is named for the first time.
    std::string build_of(const json& cell) {
        const auto print = cell.value("fingerprint", json::object());
        const auto kernel = text_of(print, "kernel");
        auto image = text_of(print, "image");
        if (image.empty()) image = text_of(cell.at("point"), "image");
        const auto checkout_id = id("kernel/" + (kernel.empty() ? "unknown" : kernel));
        const auto build_id = id(fmt::format("image/{}/{}", image.empty() ? "unknown" : image,
                                             kernel.empty() ? "unknown" : kernel));
        if (told_.insert(checkout_id).second) {
            auto checkout = object(checkout_id);
            set_text(checkout, "comment", kernel.empty() ? "" : "Linux " + kernel);
            report_["checkouts"].push_back(std::move(checkout));
        }
        if (told_.insert(build_id).second) {
            auto build = object(build_id);
            build["checkout_id"] = checkout_id;
            build["architecture"] = "riscv64";
            set_text(build, "comment", text_of(cell.value("image", json::object()), "name"));
            report_["builds"].push_back(std::move(build));
        }
        return build_id;
    }

    static json environment_of(const json& cell) {
        json misc = {{"point", cell.at("point")}};
        const auto print = cell.value("fingerprint", json::object());
        for (const auto* key : {"qemu", "cpu", "smp", "memory_bytes", "host_cpu", "opensbi"})
            if (print.contains(key) && !print[key].is_null()) misc[key] = print[key];
        return {{"comment", text_of(cell, "name")},
                {"compatible", {"riscv-virtio"}},
                {"misc", std::move(misc)}};
    }

    void add_cell(const json& cell) {
        const auto build = build_of(cell);
        const auto place = fmt::format("{}/{}", text_of(night_, "night"),
                                       sha256_hex(text_of(cell, "name")).substr(0, 12));
        const auto path = path_part(text_of(night_, "matrix")) + "." + scenario_of(cell);
        const auto environment = environment_of(cell);
        const auto add = [&](const std::string& below, const std::string& at, const char* status) {
            auto test = object(id(place + below));
            test.update({{"build_id", build},
                         {"path", at},
                         {"status", status},
                         {"environment", environment}});
            set_text(test, "start_time", text_of(cell, "started"));
            report_["tests"].push_back(std::move(test));
            return std::ref(report_["tests"].back());
        };
        const auto status = text_of(cell, "status");
        json& test = add("", path, status_of_cell(status)).get();
        test["duration"] = cell.value("seconds", 0.0);
        test["misc"] = {{"status", status}, {"outcome", text_of(cell, "outcome")}};
        set_text(test, "comment", text_of(cell, "reason"));
        set_text(test, "log_excerpt", last_part(evidence_of(cell)));
        if (status == "expected_failure" || status == "quarantined")
            add_issue(cell, id(place), id(path + "/" + status));
        add_steps(cell, path, add);
        add_measurements(cell, path, add);
    }

    template <typename Add>
    void add_steps(const json& cell, const std::string& path, const Add& add) {
        std::size_t number = 0;
        for (const auto& step : cell.value("steps", json::array())) {
            const auto part = path_part(text_of(step, "name"));
            const auto at = text_of(step, "kind") == "boot" ? "boot." + path : path + "." + part;
            json& test =
                add(fmt::format("/step/{}", ++number), at, status_of_step(text_of(step, "outcome")))
                    .get();
            test["duration"] = step.value("seconds", 0.0);
            set_text(test, "comment", text_of(step, "reason"));
            std::size_t of_step = 0;
            for (const auto& one : step.value("results", json::array())) {
                json& result = add(fmt::format("/step/{}/{}", number, ++of_step),
                                   at + "." + path_of_result(text_of(one, "name")),
                                   status_of_step(text_of(one, "outcome")))
                                   .get();
                set_text(result, "comment", text_of(one, "reason"));
            }
        }
    }

    template <typename Add>
    void add_measurements(const json& cell, const std::string& path, const Add& add) {
        std::size_t number = 0;
        for (const auto& one : cell.value("measurements", json::array())) {
            ++number;
            if (!one.contains("value") || !one["value"].is_number() ||
                !std::isfinite(one["value"].get<double>()))
                continue;
            json& test = add(fmt::format("/measurement/{}", number),
                             path + "." + path_part(text_of(one, "name")), "DONE")
                             .get();
            test["number"] = {{"value", one["value"]}};
            set_text(test["number"], "unit", text_of(one, "unit"));
        }
    }

    void add_issue(const json& cell, const std::string& test_id, const std::string& issue_kind) {
        const auto excuse = excuse_of(cell);
        const auto issue_id = fmt::format("{}/{}", issue_kind, sha256_hex(excuse).substr(0, 12));
        if (told_.insert(issue_id).second) {
            auto issue = object(issue_id);
            issue.update({{"version", 1}, {"comment", excuse}});
            report_["issues"].push_back(std::move(issue));
        }
        auto incident = object(test_id + "/issue");
        incident.update({{"issue_id", issue_id},
                         {"issue_version", 1},
                         {"test_id", test_id},
                         {"present", true}});
        report_["incidents"].push_back(std::move(incident));
    }

    const json& night_;
    std::string origin_;
    json report_;
    std::set<std::string> told_;  ///< ids of checkouts, builds and issues
};

}  // namespace

bool is_kcidb_origin(const std::string& origin) {
    return !origin.empty() && std::ranges::all_of(origin, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

json kcidb_report(const json& night, const std::string& origin) {
    return report_builder(night, origin).run();
}

}  // namespace qh
