// What tests of nights share: a fake QEMU whose guest is a shell of this host, and cells that tell
// how often they ran.
#pragma once

#include <map>
#include <string>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {

/// Nights on a fake QEMU whose guest is a shell of this host. Scenarios tell the cells apart by
/// their parameter "n".
class night_test : public fake_qemu_test {
  protected:
    night_test() { play_guest({shell_action()}); }

    /// A matrix of `cells` cells whose only step runs `command` with the parameter {{n}}.
    std::string matrix_of(int cells, const std::string& command, json more = json::object()) {
        json values = json::array();
        for (int i = 0; i < cells; ++i) values.push_back(i);
        return matrix_over(std::move(values), command, std::move(more));
    }
    std::string matrix_over(json values, const std::string& command, json more = json::object()) {
        const json s = {{"name", "s"},
                        {"params", {{"n", 0}}},
                        {"timeout", "10m"},
                        {"machine", {{"qemu", FAKE_QEMU}, {"kernel", "kernel"}, {"memory", "64M"}}},
                        {"steps", {boot_step(), {{"name", "work"}, {"run", command}}}}};
        write("s.json", dump(s));
        more["name"] = "m";
        more["scenarios"] = {"s.json"};
        more["axes"]["n"] = std::move(values);
        return write("m.json", dump(more)).string();
    }

    json night(const program_end& end) { return parse_json(end.output); }

    /// name → status
    static std::map<std::string, std::string> statuses(const json& night) {
        std::map<std::string, std::string> all;
        for (const auto& cell : night["cells"]) all[cell["name"]] = cell["status"];
        return all;
    }

    std::filesystem::path night_folder() const {
        for (const auto& entry : std::filesystem::directory_iterator(folder() / "runs"))
            if (std::filesystem::exists(entry.path() / "night.json")) return entry.path();
        throw infrastructure_error("there is no night");
    }

    /// How often each cell's command has run: it writes a line into the file "ran".
    std::map<std::string, int> ran() const {
        std::map<std::string, int> count;
        const auto text = read_file(folder() / "ran");
        for (const auto line : split_lines(text)) ++count[std::string(line)];
        return count;
    }
    std::string note_that_it_ran() const {
        return fmt::format("echo {{{{n}}}} >> {}", (folder() / "ran").string());
    }
};

}  // namespace qh::integration
