#include "scenario/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class load_test : public test::in_temporary_folder {
  protected:
    scenario load(std::string_view text, const std::map<std::string, std::string>& set = {}) {
        return load_scenario(write("s.json", text), set);
    }
    /// A scenario of these steps.
    scenario load_steps(const std::string& steps,
                        const std::map<std::string, std::string>& set = {}) {
        return load(R"({"name": "s", "params": {"n": 6, "w": "x"}, "steps": [)" + steps + "]}",
                    set);
    }
    template <typename Action>
    static const Action& action_of(const scenario& s, std::size_t index = 0) {
        return std::get<Action>(s.steps.at(index).action);
    }
};

TEST_F(load_test, reads_a_scenario_with_most_kinds_of_steps) {
    const auto s = load(R"js({
  "$schema": "schema/scenario.schema.json",
  "name": "smoke",
  "description": "The shell computes and the machine is what was asked for.",
  "machine": { "image": "tiny", "cpu": "rv64", "smp": 1, "memory": "512M" },
  "params": { "n": 6 },
  "timeout": "2m",
  "steps": [
    { "boot": "shell", "timeout": "60s" },
    { "name": "arithmetic", "run": "echo $(({{n}} * 7))", "exit": 0, "match": "^42$" },
    { "name": "machine", "run": "uname -m", "capture": "^(?P<arch>\\w+)$", "check": ["arch == riscv64"] },
    { "name": "page size", "run": "getconf PAGESIZE || echo 4096", "capture": "(?P<page>\\d+)",
      "measure": { "name": "page_size", "value": "{{page}}", "unit": "B" } },
    { "send": "echo Z-$((2+2))<enter>" },
    { "expect": "Z-4", "timeout": "5s" },
    { "poweroff": true }
  ]
})js");
    EXPECT_EQ(s.name, "smoke");
    EXPECT_EQ(s.machine.image, "tiny");
    EXPECT_EQ(s.machine.memory_bytes, 512ull << 20);
    EXPECT_EQ(s.timeout, 2min);
    ASSERT_EQ(s.steps.size(), 7u);
    EXPECT_EQ(action_of<boot_step>(s).until, boot_state::shell);
    EXPECT_EQ(s.steps[0].timeout, 60s);
    EXPECT_EQ(s.steps[0].name, "boot shell");
    EXPECT_EQ(action_of<run_step>(s, 1).code, "echo $((6 * 7))");
    EXPECT_THAT(s.steps[1].match, ElementsAre("^42$"));
    EXPECT_THAT(s.steps[2].checks, ElementsAre("arch == riscv64"));
    EXPECT_EQ(s.steps[3].measure->value, "{{page}}");
    EXPECT_EQ(action_of<send_step>(s, 4).text, "echo Z-$((2+2))\r");
    EXPECT_EQ(action_of<expect_step>(s, 5).text(), "/Z-4/");
    EXPECT_TRUE(std::holds_alternative<poweroff_step>(s.steps[6].action));
    EXPECT_EQ(s.resolved["steps"][1]["run"], "echo $((6 * 7))");
    EXPECT_EQ(s.resolved["params"]["n"], 6);
}

TEST_F(load_test, reads_every_shipped_scenario) {
    const auto shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";
    for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
        if (!is_scenario_name(entry.path())) continue;
        EXPECT_NO_THROW(load_scenario(entry.path(), {})) << entry.path();
    }
}

TEST_F(load_test, reads_long_forms) {
    const auto s = load_steps(
        R"({"boot": {"until": "login"}}, {"run": ["a", "b"], "exit": "any", "on_fail": "continue"},
           {"python": "x", "measure": "jsonl"}, {"facts": true, "name": "f"})");
    EXPECT_EQ(action_of<boot_step>(s).until, boot_state::login);
    EXPECT_EQ(action_of<run_step>(s, 1).code, "a\nb");
    EXPECT_EQ(s.steps[1].exit, std::nullopt);
    EXPECT_TRUE(s.steps[1].continue_on_failure);
    EXPECT_TRUE(s.steps[2].measure->json_lines);
    EXPECT_EQ(s.steps[2].name, "python");
    EXPECT_EQ(s.steps[3].name, "f");
}

TEST_F(load_test, reads_how_long_a_guest_may_idle) {
    const auto steps = [this](const std::string& more) {
        return load(R"({"name": "s", )" + more + R"("steps": [{"boot": "shell"}, {"run": "x"},
            {"run": "x", "idle_timeout": "5s"}, {"run": "x", "idle_timeout": "none"},
            {"boot": "login", "idle_timeout": false}]})")
            .steps;
    };
    const struct {
        const char* scenario;
        Duration boot, run;
    } cases[] = {{"", 60s, never},
                 {R"("idle_timeout": "40s", )", 40s, 40s},
                 {R"("idle_timeout": "none", )", never, never}};
    for (const auto& c : cases) {
        const auto read = steps(c.scenario);
        EXPECT_EQ(read[0].idle_timeout, c.boot) << c.scenario;
        EXPECT_EQ(read[1].idle_timeout, c.run) << c.scenario;
        EXPECT_EQ(read[2].idle_timeout, 5s);
        EXPECT_EQ(read[3].idle_timeout, never);
        EXPECT_EQ(read[4].idle_timeout, never);
    }
}

TEST_F(load_test, puts_parameters_and_settings_in) {
    const auto s = load_steps(R"({"run": "{{n}} {{w}} {{jinja}}"})", {{"n", "7"}});
    EXPECT_EQ(action_of<run_step>(s).code, "7 x {{jinja}}");
    EXPECT_EQ(s.resolved["params"]["n"], "7");
}

TEST_F(load_test, reads_code_from_a_file_beside_the_scenario) {
    write("lib/code.py", "print({{n}})\n");
    const auto s = load_steps(R"({"python": {"file": "lib/code.py"}})");
    EXPECT_EQ(action_of<python_step>(s).code, "print(6)\n");
    EXPECT_EQ(s.resolved["steps"][0]["python"], "print(6)\n");
}

TEST_F(load_test, finds_the_machines_files_beside_the_scenario) {
    const auto s = load(R"({"name": "s", "machine": {"kernel": "Image", "initrd": "/abs/i",
        "drives": "d.img"}, "steps": [{"boot": "kernel"}]})");
    EXPECT_EQ(s.machine.kernel, folder() / "Image");
    EXPECT_EQ(s.machine.initrd, "/abs/i");
    EXPECT_THAT(s.machine.drives, ElementsAre(folder() / "d.img"));
}

TEST_F(load_test, points_at_a_mistake_in_a_step) {
    write("nul.sh", std::string_view("a\0b", 3));
    const struct {
        const char* step;
        const char* message;
    } cases[] = {
        {R"({"runn": "x"})", ":2:2: error: unknown step kind \"runn\"; did you mean \"run\"?"},
        {R"({"name": "x"})", ":2:1: error: unknown step kind; a step has one of the keys boot,"},
        {R"({"run": "x", "send": "y"})",
         ":2:2: error: a step is of one kind, this one is \"send\" and \"run\""},
        {R"({"run": "x", "timeot": "1s"})",
         ":2:14: error: a step has no \"timeot\"; did you mean \"timeout\"?"},
        {R"({"run": "x", "match": "("})", ":2:23: error: \"match\" is no regex that RE2 can run"},
        {R"({"run": "x", "not_match": ["ok", "["]})", "error: \"not_match\" is no regex"},
        {R"({"expect": "*"})", ":2:12: error: \"expect\" is no regex"},
        {R"({"run": "x", "timeout": "fast"})", ":2:25: error: 'fast' is not a duration"},
        {R"({"run": "x", "timeout": 5})", ":2:25: error: \"timeout\" must be a text"},
        {R"({"run": "x", "idle_timeout": "soon"})", ":2:30: error: 'soon' is not a duration"},
        {R"({"run": "x", "idle_timeout": true})",
         ":2:30: error: \"idle_timeout\" is a duration such as \"60s\", or \"none\""},
        {R"({"run": "x", "idletimeout": "5s"})", "did you mean \"idle_timeout\"?"},
        {R"({"run": "x", "exit": 256})", "must be a whole number from 0 to 255"},
        {R"({"run": "x", "exit": "none"})", "must be a whole number"},
        {R"({"run": "x", "capture": "\\d+"})", "\"capture\" needs a named group"},
        {R"({"run": "x", "on_fail": "ignore"})", "\"on_fail\" is \"stop\" or \"continue\""},
        {R"({"run": "x", "check": ["a ~ b"]})", ":2:24: error: 'a ~ b' is not a comparison"},
        {R"({"run": "x", "measure": {"name": "m"}})", "\"measure\" needs \"value\""},
        {R"({"run": "x", "measure": "csv"})", "write \"jsonl\" or"},
        {R"({"run": {"file": "none.sh"}})", ":2:9: error: cannot open "},
        {R"({"run": {"file": "nul.sh"}})", "a command cannot hold a NUL character"},
        {R"({"run": {"fil": "x"}})", "\"run\" needs \"file\""},
        {R"({"run": 7})", ":2:9: error: \"run\" must be a text or a list of texts"},
        {R"({"boot": "desktop"})", "\"desktop\" is no boot state; one of kernel, init, login"},
        {R"({"boot": {"until": "shell", "x": 1}})", "\"boot\" has no \"x\""},
        {R"({"poweroff": false})", "write \"poweroff\": true"},
        {R"({"facts": 1})", "write \"facts\": true"},
        {R"({"boot": "shell", "match": "x"})", "a step has no \"match\""},
        {R"({"run": "x", "check": ["{{typo}} == 1"]})", "nothing gives {{typo}} a value"},
        {R"({"run": "x", "check": ["{{n}} == {{typo}}"]})", "nothing gives {{typo}} a value"},
        {R"js({"run": "x", "capture": "(?P<a>x)", "check": ["{{a}} == {{b}}"]})js",
         "nothing gives {{b}} a value"},
        {R"({"poweroff": true}, {"run": "x"})", "error: no step can come after \"poweroff\""},
        {R"({"warm": true}, {"boot": "shell"})", "nothing has booted yet that could be saved"},
        {R"({"boot": "shell"}, {"warm": true}, {"warm": true})", "one \"warm\" step at most"},
        {R"("run")", ":2:1: error: a step must be an object"},
        {R"({"run": "x", "name": "a\u001b[31m"})",
         ":2:22: error: \"name\" is one line without control characters"},
        {R"({"run": "x", "name": "a\nb"})", "\"name\" is one line"},
        {R"({"group": "a\u009b", "steps": [{"run": "x"}]})", "\"group\" is one line"},
        {R"({"send": "ls<Enter>"})",
         ":2:10: error: there is no key \"<Enter>\"; \"<lt>Enter>\" types it as it is; did "
         "you mean \"<enter>\"?"},
        {R"({"send": "<f13>"})", "there is no key \"<f13>\"; \"<lt>f13>\" types it as it is"},
    };
    for (const auto& c : cases)
        EXPECT_THAT(test::message_of([&] { load_steps(std::string("\n") + c.step); }),
                    HasSubstr(c.message))
            << c.step;
}

TEST_F(load_test, points_at_a_mistake_in_the_scenario) {
    const struct {
        const char* text;
        const char* message;
    } cases[] = {
        {R"({"steps": [{"boot": "shell"}]})", ":1:1: error: a scenario needs \"name\""},
        {R"({"name": "s"})", "a scenario needs \"steps\""},
        {R"({"name": "s\u007f", "steps": [{"boot": "shell"}]})", "\"name\" is one line"},
        {R"({"name": "s", "params": {"p\t": 1}, "steps": [{"boot": "shell"}]})",
         "a parameter's name is one line"},
        {R"({"name": "s", "params": {"c": 1}, "machine": {"cpu": "{{ c }}"},
             "steps": [{"boot": "shell"}]})",
         "{{ c }} stands for nothing; write {{c}}"},
        {R"({"name": "s", "steps": []})", "\"steps\" must be a list of one step or more"},
        {R"({"name": "s", "steps": {}})", "\"steps\" must be a list of one step or more"},
        {R"({"name": "s", "stepz": [], "steps": [{"boot": "shell"}]})",
         "a scenario has no \"stepz\"; did you mean \"steps\"?"},
        {R"({"name": "s", "machine": {"image": "a", "kernel": "b"}, "steps": [{"boot": "shell"}]})",
         ":1:51: error: give the machine an \"image\" or a \"kernel\", not both"},
        {R"({"name": "s", "machine": {"memroy": "1G"}, "steps": [{"boot": "shell"}]})",
         "\"machine\" has no \"memroy\"; did you mean \"memory\"?"},
        {R"({"name": "s", "machine": {"memory": "lots"}, "steps": [{"boot": "shell"}]})",
         "'lots' is not a memory size"},
        {R"({"name": "s", "machine": {"smp": 513}, "steps": [{"boot": "shell"}]})",
         "from 0 to 512"},
        {R"({"name": "s", "params": {"a": []}, "steps": [{"boot": "shell"}]})",
         "a parameter is a text, a number, true, false, {"},
        {R"({"name": "s", "params": 1, "steps": [{"boot": "shell"}]})",
         "\"params\" must be an object"},
        {"[]", ":1:1: error: a scenario must be an object"},
        {"", ":1:1: error: syntax error"},
    };
    for (const auto& c : cases)
        EXPECT_THAT(test::message_of([&] { load(c.text); }), HasSubstr(c.message)) << c.text;
}

TEST_F(load_test, refuses_a_setting_without_a_parameter) {
    EXPECT_THAT(test::message_of([&] {
                    load_steps(R"({"boot": "shell"})", {{"nn", "1"}});
                }),
                HasSubstr("has no parameter \"nn\"; it has n, w; did you mean \"n\"?"));
}

TEST_F(load_test, knows_captures_only_after_their_step) {
    const std::string use = R"({"run": "x", "check": ["{{v}} == 1"]})";
    const std::string give = R"js({"expect": "(?P<v>x)"})js";
    EXPECT_NO_THROW(load_steps(give + "," + use));
    EXPECT_THAT(test::message_of([&] { load_steps(use + "," + give); }),
                HasSubstr("nothing gives {{v}} a value"));
}

TEST_F(load_test, names_what_it_ships_where_there_is_no_such_scenario) {
    EXPECT_EQ(find_scenario("smoke").filename(), "smoke.json");
    EXPECT_EQ(find_scenario("scenarios/smoke.json").filename(), "smoke.json");
    const auto own = write("own.json", "{}");
    EXPECT_EQ(find_scenario(own), own);
    EXPECT_THAT(test::message_of([] { find_scenario("nothing"); }), HasSubstr("smoke"));
    EXPECT_THAT(test::message_of([] { find_scenario("../smoke"); }), HasSubstr("no scenario"));
}

TEST_F(load_test, gives_a_wait_more_time_than_it_waits) {
    const auto s = load_steps(R"({"wait": "5m"}, {"wait": "2s", "timeout": "9s"})");
    EXPECT_EQ(action_of<wait_step>(s).time, 5min);
    EXPECT_GT(s.steps[0].timeout, 5min);
    EXPECT_EQ(s.steps[1].timeout, 9s);
}

}  // namespace
}  // namespace qh
