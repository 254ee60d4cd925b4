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

/// The scenario's file without its folder and its extension.
std::string path_of_scenario(const cell_result& cell) {
    const auto file = scenario_of(cell);
    const auto name = file.substr(file.rfind('/') + 1);
    return path_part(name.substr(0, name.rfind(".json")));
}

const char* kcidb_status(cell_status status) {
    switch (status) {
        case cell_status::passed:
        case cell_status::flaky:
            return "PASS";
        case cell_status::infra_error:
        case cell_status::not_run:
            return "MISS";
        case cell_status::expected_failure:
        case cell_status::quarantined:
        case cell_status::failed:
            return "FAIL";
    }
    return "ERROR";
}

/// What comes behind a failed step is not run, and says nothing of the kernel.
const char* kcidb_status(step_outcome outcome) {
    switch (outcome) {
        case step_outcome::passed:
            return "PASS";
        case step_outcome::skipped:
        case step_outcome::not_run:
            return "SKIP";
        case step_outcome::failed:
        case step_outcome::timed_out:
            return "FAIL";
    }
    return "ERROR";
}

/// Whether the failure is known, and so an issue of KCIDB's.
bool is_issue(cell_status status) {
    switch (status) {
        case cell_status::expected_failure:
        case cell_status::quarantined:
            return true;
        case cell_status::passed:
        case cell_status::flaky:
        case cell_status::failed:
        case cell_status::infra_error:
        case cell_status::not_run:
            return false;
    }
    return false;
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
    report_builder(const night_result& night, std::string origin)
        : night_(night), origin_(std::move(origin)) {
        for (const auto* list : {"checkouts", "builds", "tests", "issues", "incidents"})
            report_[list] = json::array();
        report_["version"] = {{"major", 5}, {"minor", 3}};
    }

    json run() {
        for (const auto& cell : night_.cells) add_cell(cell);
        return std::move(report_);
    }

  private:
    std::string id(const std::string& rest) const { return origin_ + ":" + rest; }
    json object(const std::string& its_id) const { return {{"id", its_id}, {"origin", origin_}}; }

    /// The build that a cell ran, which is told before it is named for the first time.
    std::string build_of(const cell_result& cell) {
        const auto print = cell.run.fingerprint();
        const auto kernel = text_of(print, "kernel");
        auto image = text_of(print, "image");
        if (const auto found = cell.what.point.find("image");
            image.empty() && found != cell.what.point.end())
            image = plain(found->second);
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
            set_text(build, "comment", plain(cell.run.image_name()));
            report_["builds"].push_back(std::move(build));
        }
        return build_id;
    }

    static json environment_of(const cell_result& cell) {
        json misc = {{"point", cell.what.point}};
        const auto print = cell.run.fingerprint();
        for (const auto* key : {"qemu", "cpu", "smp", "memory_bytes", "host_cpu", "opensbi"})
            if (print.contains(key) && !print.at(key).is_null()) misc[key] = print.at(key);
        return {{"comment", plain(cell.what.name)},
                {"compatible", {"riscv-virtio"}},
                {"misc", std::move(misc)}};
    }

    void add_cell(const cell_result& cell) {
        const auto build = build_of(cell);
        const auto place = fmt::format("{}/{}", plain(night_.name),
                                       sha256_hex(plain(cell.what.name)).substr(0, 12));
        const auto path = path_part(plain(night_.matrix)) + "." + path_of_scenario(cell);
        const auto environment = environment_of(cell);
        const auto add = [&](const std::string& below, const std::string& at, const char* status) {
            auto test = object(id(place + below));
            test.update({{"build_id", build},
                         {"path", at},
                         {"status", status},
                         {"environment", environment}});
            set_text(test, "start_time", plain(cell.run.started()));
            report_["tests"].push_back(std::move(test));
            return std::ref(report_["tests"].back());
        };
        json& test = add("", path, kcidb_status(cell.status)).get();
        test["duration"] = cell.seconds;
        test["misc"] = {{"status", name_of(cell.status)}, {"outcome", name_of(cell.outcome)}};
        set_text(test, "comment", plain(cell.reason));
        set_text(test, "log_excerpt", last_part(evidence_of(cell)));
        if (is_issue(cell.status))
            add_issue(cell, id(place), id(fmt::format("{}/{}", path, name_of(cell.status))));
        add_steps(cell, path, add);
        add_measurements(cell, path, add);
    }

    template <typename Add>
    void add_steps(const cell_result& cell, const std::string& path, const Add& add) {
        std::size_t number = 0;
        for (const auto& step : cell.run.steps()) {
            const auto at =
                step.kind == "boot" ? "boot." + path : path + "." + path_part(plain(step.name));
            json& test =
                add(fmt::format("/step/{}", ++number), at, kcidb_status(step.outcome)).get();
            test["duration"] = step.seconds;
            set_text(test, "comment", plain(step.reason));
            std::size_t of_step = 0;
            for (const auto& one : step.results) {
                json& result =
                    add(fmt::format("/step/{}/{}", number, ++of_step),
                        at + "." + path_of_result(plain(one.name)), kcidb_status(one.outcome))
                        .get();
                set_text(result, "comment", plain(one.reason));
            }
        }
    }

    template <typename Add>
    void add_measurements(const cell_result& cell, const std::string& path, const Add& add) {
        std::size_t number = 0;
        for (const auto& one : cell.run.measurements()) {
            ++number;
            if (!one.value || !std::isfinite(*one.value)) continue;
            json& test = add(fmt::format("/measurement/{}", number),
                             path + "." + path_part(plain(one.name)), "DONE")
                             .get();
            test["number"] = {{"value", *one.value}};
            set_text(test["number"], "unit", plain(one.unit));
        }
    }

    void add_issue(const cell_result& cell, const std::string& test_id,
                   const std::string& issue_kind) {
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

    const night_result& night_;
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

json kcidb_report(const night_result& night, const std::string& origin) {
    return report_builder(night, origin).run();
}

}  // namespace qh
