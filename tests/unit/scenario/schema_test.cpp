// The JSON Schema and the readers of scenarios agree.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "image/recipe_file/load_recipe.hpp"
#include "scenario/load.hpp"
#include "scenario/schema_fit.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using test::document_kind;
using test::fits_schema;
using testing::Contains;
using testing::UnorderedElementsAreArray;

const std::filesystem::path shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";

bool fits(const std::string& text, document_kind kind = document_kind::scenario) {
    return fits_schema(json_document::parse(text, "s").root(), kind);
}

std::string with_step(const std::string& step) {
    return R"({"name": "s", "steps": [)" + step + "]}";
}

std::string with_member(const std::string& member) {
    return R"({"name": "s", "steps": [{"boot": "shell"}], )" + member + "}";
}

using schema_test = test::in_temporary_folder;

/// Every member of every object of the schema, with `$ref`s followed once.
void expect_descriptions(const json& schema, const json& node, const std::string& path) {
    if (!node.is_structured()) return;
    if (node.is_object() && node.contains("properties") && node["properties"].is_object() &&
        node.contains("additionalProperties"))
        for (const auto& [name, member] : node["properties"].items()) {
            const json& target =
                member.contains("$ref")
                    ? schema.at(json_path(member["$ref"].get<std::string>().substr(1)))
                    : member;
            EXPECT_TRUE(target.contains("description")) << path << "/" << name;
        }
    for (const auto& [name, inner] : node.items())
        expect_descriptions(schema, inner, path + "/" + name);
}

TEST_F(schema_test, describes_every_member) {
    for (const auto& file :
         {shipped / "schema/scenario.schema.json", shipped / "schema/matrix.schema.json",
          shipped / "../images/schema/recipe.schema.json"}) {
        const auto schema = json_document::load(file).root();
        expect_descriptions(schema, schema, file.filename());
    }
}

TEST_F(schema_test, is_named_by_every_shipped_file) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shipped)) {
        const auto& path = entry.path();
        if (path.extension() != ".json" || path.parent_path() == shipped / "schema" ||
            path.filename() == "failure_patterns.json" || path.filename() == "boot_facts.json")
            continue;
        const auto root = json_document::load(path).root();
        const auto schema = (path.parent_path() / root.value("$schema", "")).lexically_normal();
        const std::map<std::filesystem::path, document_kind> kinds = {
            {"scenario.schema.json", document_kind::scenario},
            {"steps.schema.json", document_kind::included_file},
            {"matrix.schema.json", document_kind::matrix}};
        ASSERT_TRUE(kinds.contains(schema.filename())) << path;
        EXPECT_EQ(schema.parent_path(), shipped / "schema") << path;
        EXPECT_TRUE(fits_schema(root, kinds.at(schema.filename()))) << path;
    }
}

TEST_F(schema_test, takes_every_shipped_recipe) {
    for (const auto& name : recipe_names()) {
        const auto path = shipped / "../images" / (name + ".json");
        const auto root = json_document::load(path).root();
        EXPECT_EQ(root.value("$schema", ""), "schema/recipe.schema.json") << path;
        EXPECT_TRUE(fits_schema(root, document_kind::recipe)) << path;
    }
}

/// Whether a reader takes the text as a scenario. Its files are there, so that only form matters.
class reading : public test::in_temporary_folder {
  protected:
    reading() {
        write("file", "x");
        write("part.json", R"({"params": {"p": 1}, "steps": [{"run": "{{p}}"}]})");
    }
    std::string mistakes(const std::string& text) {
        problem_list problems;
        read_scenario(write("s.json", text), {}, problems);
        return problems.errors() == 0 ? "" : problems.text();
    }
    std::vector<text_position> positions_of_mistakes(const std::string& text) {
        problem_list problems;
        read_scenario(write("s.json", text), {}, problems);
        std::vector<text_position> positions;
        for (const auto& one : problems.sorted()) positions.push_back(one.range.begin);
        return positions;
    }
    /// Of a value, or of a member's name: "/path/name (key)".
    static text_position position_of(const std::string& text, std::string place) {
        const auto document = json_document::parse(text, "s");
        const auto mark = place.find(" (key)");
        if (mark == place.npos) return document.range(json_path(place)).begin;
        return document.key_problem(json_path(place.substr(0, mark)), "").range().begin;
    }
};

TEST_F(reading, takes_what_the_schema_takes) {
    const char* const steps[] = {
        R"({"boot": "kernel"})",
        R"({"boot": {"until": "{{state}}"}, "timeout": "1.5m", "idle_timeout": "none"})",
        R"({"boot": "login", "idle_timeout": false})",
        R"({"run": ["a", "b"], "exit": "any", "match": ["a"], "not_match": "b", "skip": "^skip",
            "stderr": "apart", "match_stderr": "c", "on_fail": "continue", "parse": "tap"})",
        R"({"run": {"file": "file"}, "exit": "3"})",
        R"({"run": "x", "exit": "{{n}}", "on_fail": "{{go_on}}", "timeout": "{{n}}s"})",
        R"({"python": "x", "measure": "jsonl", "tags": ["a", "b.c"], "when": "machine.smp > 1"})",
        R"js({"run": "x", "capture": "(?P<v>.)", "check": ["v == 1", "{{v}} version >= 1.0"],
            "measure": {"name": "m", "value": "{{v}}", "unit": "s", "warmup": 1, "repeats": "{{n}}",
                        "better": "lower", "at_least": "{{n}}", "at_most": ""}})js",
        R"({"run": "x", "measure": {"jsonl": true, "at_least": {"a": 0.1}, "at_most": {"b": "2"}}})",
        R"({"name": "m", "measure": {"name": "m", "value": "1"}, "check": "1 == 1"})",
        R"({"expect": "x"})",
        R"({"expect": {"pass": ["a", "b"], "fail": "c", "skip": [], "lines": 3}})",
        R"({"send": "x<enter>"})",
        R"({"facts": true, "check": "guest.memory >= 1G"})",
        R"({"login": "root"})",
        R"({"login": {"user": "root", "password": "{{word}}"}, "timeout": "90s"})",
        R"({"upload": {"from": "file", "to": "/f", "mode": "0755"}})",
        R"({"upload": {"text": "", "to": "/f"}})",
        R"({"download": "/f"})",
        R"({"download": {"from": "/f", "to": "g"}})",
        R"({"reboot": true})",
        R"({"reboot": "login"})",
        R"({"poweroff": true})",
        R"({"group": "g", "when": "n == 1", "tags": "t", "steps": [{"run": "x"}]})",
        R"({"include": "part.json", "params": {"p": "{{n}}"}, "group": "g", "when": [], "tags": []})",
        R"({"include": "part.json"})",
    };
    const std::string params =
        R"("params": {"n": 2, "state": "shell", "go_on": "continue", "f": {"file": "file"},
           "word": {"env": "QHARNESS_TEST_NONE", "default": "x"},
           "hidden": {"default": "x", "secret": true}})";
    for (const auto* step : steps) {
        const auto text = R"({"name": "s", )" + params + R"(, "steps": [)" + step + "]}";
        EXPECT_TRUE(fits(text)) << step;
        EXPECT_EQ(mistakes(text), "") << step;
    }
    const char* const members[] = {
        R"("machine": {"image": "tiny", "qemu": "q", "cpu": "c", "smp": "2", "memory": "1.5G",
            "append": "a", "channel": "virtio", "arguments": ["-a"], "drives": "d"})",
        R"("machine": {"kernel": "k", "initrd": "i", "firmware": "f.bin", "smp": 2, "drives": ["a"]})",
        R"("tags": ["a", "b"], "timeout": "1h", "idle_timeout": "5s", "description": "d")",
        R"("failures": {"allow": "x", "patterns": [{"kind": "k", "severity": "note", "start": "x",
            "end": "y", "title": "t", "from": "anyone", "repeated": true}]})",
        R"("$schema": "x", "failures": {})",
    };
    for (const auto* member : members) {
        EXPECT_TRUE(fits(with_member(member))) << member;
        EXPECT_EQ(mistakes(with_member(member)), "") << member;
    }
}

TEST_F(reading, refuses_what_the_schema_refuses_at_the_same_place) {
    const struct {
        const char* step;
        const char* place;
    } cases[] = {
        {R"({"run": "x", "timeot": "1s"})", "/steps/0/timeot (key)"},
        {R"({"run": "x", "timeout": 5})", "/steps/0/timeout"},
        {R"({"run": "x", "timeout": "soon"})", "/steps/0/timeout"},
        {R"({"run": "x", "match": ["a", 1]})", "/steps/0/match/1"},
        {R"({"run": "x", "match": {}})", "/steps/0/match"},
        {R"({"run": "x", "exit": 256})", "/steps/0/exit"},
        {R"({"run": "x", "exit": "none"})", "/steps/0/exit"},
        {R"({"run": "x", "on_fail": "ignore"})", "/steps/0/on_fail"},
        {R"({"run": "x", "check": ["a ~ b"]})", "/steps/0/check/0"},
        {R"({"run": "x", "tags": "a b"})", "/steps/0/tags"},
        {R"({"run": {"fil": "x"}})", "/steps/0/run/fil (key)"},
        {R"({"run": {"file": 1}})", "/steps/0/run/file"},
        {R"({"run": 7})", "/steps/0/run"},
        {R"({"run": "x", "send": "y"})", "/steps/0/run (key)"},
        {R"({"name": "x"})", "/steps/0"},
        {R"({})", "/steps/0"},
        {R"("run")", "/steps/0"},
        {R"({"python": "x", "stderr": "apart"})", "/steps/0/stderr (key)"},
        {R"({"boot": "moon"})", "/steps/0/boot"},
        {R"({"boot": {"until": "shell", "x": 1}})", "/steps/0/boot/x (key)"},
        {R"({"expect": ""})", "/steps/0/expect"},
        {R"({"expect": {"fail": "x"}})", "/steps/0/expect"},
        {R"({"expect": {"pass": []}})", "/steps/0/expect/pass"},
        {R"({"expect": {"pass": "x", "lines": 0}})", "/steps/0/expect/lines"},
        {R"({"poweroff": false})", "/steps/0/poweroff"},
        {R"({"run": "x", "measure": {"name": "m"}})", "/steps/0/measure"},
        {R"({"run": "x", "measure": {"jsonl": true, "name": "m"}})", "/steps/0/measure/name (key)"},
        {R"({"run": "x", "measure": {"jsonl": true, "at_least": 1}})", "/steps/0/measure/at_least"},
        {R"({"measure": "jsonl"})", "/steps/0/measure"},
        {R"({"login": {"password": "x"}})", "/steps/0/login"},
        {R"({"upload": {"to": "/x"}})", "/steps/0/upload"},
        {R"({"upload": {"text": "x", "to": "/x", "mode": "rwx"}})", "/steps/0/upload/mode"},
        {R"({"group": "g", "steps": []})", "/steps/0/steps"},
        {R"({"group": "g"})", "/steps/0"},
        {R"({"group": "g", "steps": [{"boot": "shell", "x": 1}]})", "/steps/0/steps/0/x (key)"},
        {R"({"include": "part.json", "params": {"p": []}})", "/steps/0/params/p"},
        {R"({"include": "part.json", "name": "x"})", "/steps/0/name (key)"},
    };
    for (const auto& c : cases) {
        EXPECT_FALSE(fits(with_step(c.step))) << c.step;
        EXPECT_THAT(positions_of_mistakes(with_step(c.step)),
                    Contains(position_of(with_step(c.step), c.place)))
            << c.step;
    }
}

TEST_F(reading, tells_every_mistake_of_a_step_at_once) {
    const struct {
        const char* step;
        std::vector<const char*> places;
    } cases[] = {
        {R"({"run": "x", "match": [1, "(", "a", {}], "check": ["a", "b"], "tags": [1, "a b"]})",
         {"match/0", "match/1", "match/3", "check/0", "check/1", "tags/0", "tags/1"}},
        {R"({"run": "x", "measure": {"name": 1, "value": 2, "unit": 3, "warmup": -1, "repeats": 0,
             "better": "x", "at_least": "y", "at_most": {}, "z": 1}})",
         {"measure/name", "measure/value", "measure/unit", "measure/warmup", "measure/repeats",
          "measure/better", "measure/at_least", "measure/at_most", "measure/z (key)"}},
        {R"({"run": "x", "measure": {"jsonl": true, "at_least": {"a": "x", "b": "y"}}})",
         {"measure/at_least/a", "measure/at_least/b"}},
        {R"({"upload": {"to": 1, "mode": "x", "text": 2, "sha256": 3, "z": 1}})",
         {"upload/to", "upload/mode", "upload/text", "upload/sha256", "upload/z (key)"}},
        {R"({"download": {"from": 1, "to": 2, "z": 3}})",
         {"download/from", "download/to", "download/z (key)"}},
        {R"({"login": {"user": 1, "password": 2, "z": 3}})",
         {"login/user", "login/password", "login/z (key)"}},
        {R"({"expect": {"pass": ["(", ""], "fail": 1, "skip": [2], "lines": 0, "z": 1}})",
         {"expect/pass/0", "expect/pass/1", "expect/fail", "expect/skip/0", "expect/lines",
          "expect/z (key)"}},
        {R"({"boot": {"until": "moon", "z": 1}})", {"boot/until", "boot/z (key)"}},
        {R"({"group": 1, "when": "x", "tags": 1, "z": 1, "steps": [{"run": 7}]})",
         {"group", "when", "tags", "z (key)", "steps/0/run"}},
        {R"({"include": "none.json", "group": 1, "when": "x", "tags": 1, "z": 1})",
         {"group", "when", "tags", "z (key)", "include"}},
    };
    for (const auto& c : cases) {
        const auto text = with_step(c.step);
        std::vector<text_position> expected;
        for (const std::string place : c.places)
            expected.push_back(position_of(text, "/steps/0/" + place));
        EXPECT_THAT(positions_of_mistakes(text), UnorderedElementsAreArray(expected)) << c.step;
    }
}

TEST_F(schema_test, tells_scenarios_from_files_that_are_included) {
    const std::string steps = R"({"steps": [{"run": "x"}]})";
    EXPECT_FALSE(fits(steps));
    EXPECT_TRUE(fits(steps, document_kind::included_file));
    EXPECT_FALSE(fits(R"({"machine": {}, "steps": [{"run": "x"}]})", document_kind::included_file));
}

}  // namespace
}  // namespace qh
