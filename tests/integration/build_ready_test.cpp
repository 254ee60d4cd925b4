// "Is this root filesystem ready to build PyTorch?": the script under a shell of this host whose
// PATH the test makes, and the scenario in a guest.
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

const fs::path library = fs::path(SCENARIOS) / "lib/pytorch_build";

std::string replaced(std::string text, const std::string& before, const std::string& after) {
    for (auto at = text.find(before); at != text.npos; at = text.find(before, at + after.size()))
        text.replace(at, before.size(), after);
    return text;
}

/// check.sh where nothing is but what it cannot do without and what the test puts there.
class build_ready_script : public harness_test {
  protected:
    build_ready_script() {
        fs::create_directories(bin());
        for (const auto* name : {"cat", "chmod", "mkdir", "rm"})
            for (const fs::path place : {"/usr/bin", "/bin"})
                if (fs::exists(place / name) && !fs::exists(bin() / name))
                    fs::create_symlink(place / name, bin() / name);
    }

    fs::path bin() const { return folder() / "bin"; }

    void put_program(const std::string& name, const std::string& script) const {
        write("bin/" + name, "#!/bin/sh\n" + script);
        fs::permissions(bin() / name, fs::perms(0755));
    }

    program_end check() const {
        auto script = read_file(library / "check.sh");
        script = replaced(script, "{{requirements}}", read_file(library / "requirements.txt"));
        for (const auto& [name, value] : parameters)
            script = replaced(script, "{{" + name + "}}", value);
        write("check.sh", script);
        return run_program({"/bin/sh", "check.sh"}, folder(),
                           {{"PATH", bin().string()},
                            {"TMPDIR", folder().string()},
                            {"CC", ""},
                            {"CXX", ""},
                            {"FC", ""},
                            {"SSL_CERT_FILE", ""}});
    }

    /// The reason of the requirement's line, with its outcome in front.
    static std::string told_of(const std::string& name, const program_end& end) {
        for (const auto line : split_lines(end.output)) {
            if (!line.starts_with('{')) continue;
            const auto one = parse_json(line);
            if (one["test"] == name)
                return one["outcome"].get<std::string>() + ": " + one["reason"].get<std::string>();
        }
        return "nothing";
    }

    std::map<std::string, std::string> parameters = {
        {"min_disk", "1K"}, {"min_memory", "1M"}, {"build_dir", "/"}};
};

TEST_F(build_ready_script, names_everything_where_nothing_is) {
    const auto end = check();
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.output << end.errors;
    std::size_t asked = 0, told = 0;
    const auto table = read_file(library / "requirements.txt");
    for (const auto line : split_lines(table)) asked += line.starts_with("requirement: ");
    for (const auto line : split_lines(end.output)) told += line.starts_with("{\"test\": ");
    EXPECT_EQ(told, asked);
    EXPECT_EQ(told_of("python", end),
              "failed: missing: no python3; Buildroot: BR2_PACKAGE_PYTHON3=y");
    EXPECT_THAT(told_of("pyyaml", end), testing::StartsWith("skipped: advised: no python3"));
    EXPECT_THAT(told_of("cmake", end), HasSubstr("missing: no cmake; BR2_PACKAGE_CMAKE_CTEST"));
    EXPECT_THAT(end.output, HasSubstr("\nMISSING  git                no git\n"));
    EXPECT_THAT(end.output, HasSubstr("\n  git                Buildroot: BR2_PACKAGE_GIT=y\n"));
    EXPECT_THAT(
        last_lines(end.output, 1),
        testing::StartsWith("not ready to build PyTorch, missing: python, python-headers, "));
}

TEST_F(build_ready_script, leaves_nothing_behind) {
    check();
    for (const auto& entry : fs::directory_iterator(folder()))
        EXPECT_THAT(entry.path().filename().string(), testing::AnyOf("bin", "check.sh"));
}

TEST_F(build_ready_script, does_not_believe_a_compiler_that_makes_nonsense) {
    put_program("gfortran",
                "while [ \"$1\" != -o ]; do shift; done\n"
                "printf '#!/bin/sh\\necho 1\\n' >\"$2\" && chmod 755 \"$2\"\n");
    EXPECT_THAT(told_of("fortran", check()),
                HasSubstr("what gfortran made of answer.f90 prints '1', not ' 2.167500'"));
}

TEST_F(build_ready_script, does_not_believe_a_patchelf_that_changes_nothing) {
    put_program("patchelf", "exit 0\n");
    EXPECT_THAT(told_of("patchelf", check()), HasSubstr("the run path does not change"));
}

TEST_F(build_ready_script, tells_what_a_program_said_when_it_failed) {
    put_program("git", "printf 'git: a \"bad\" \\033 library\\n' >&2; exit 127\n");
    EXPECT_THAT(told_of("git", check()),
                HasSubstr("git does not commit: git: a \"bad\" ? library"));
}

TEST_F(build_ready_script, tells_an_old_version) {
    put_program("python3", "echo 3.6.15\n");
    EXPECT_THAT(told_of("python", check()), HasSubstr("failed: missing: 3.6.15 is older than 3.8"));
    put_program("python3", "echo 3.10.0rc1\n");
    EXPECT_EQ(told_of("python", check()), "passed: 3.10.0rc1");
}

TEST_F(build_ready_script, compares_memory_with_what_is_asked_for) {
    EXPECT_THAT(told_of("memory", check()), HasSubstr("passed: "));
    parameters["min_memory"] = "900T";
    EXPECT_THAT(told_of("memory", check()),
                HasSubstr("MiB for programs, a machine of 900T needed"));
    parameters["min_memory"] = "lots";
    EXPECT_THAT(told_of("memory", check()), HasSubstr("cannot read the size lots"));
}

/// The scenario in the guest that has everything, with two causes planted: no gfortran, 2 GB.
TEST(build_ready, names_just_what_is_not_there_in_a_guest) {
    const temporary_directory folder(fs::temp_directory_path(), "qharness-test");
    auto scenario = json_document::load(fs::path(SCENARIOS) / "pytorch_build_ready.json").root();
    auto& steps = scenario["steps"];
    for (auto& step : steps)
        if (step.contains("run")) step["run"]["file"] = (library / "check.sh").string();
    scenario["params"]["requirements"]["file"] = (library / "requirements.txt").string();
    steps.insert(steps.begin() + 1, json{{"run", "rm /usr/bin/*gfortran* /usr/bin/f95"}});
    write_file_atomically(folder.path() / "planted.json", dump(scenario));
    const auto end =
        run_program({QHARNESS_PROGRAM, "run", "planted.json", "--memory", "2G", "--json"},
                    folder.path(), {}, std::chrono::minutes(25));
    ASSERT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto result = parse_json(end.output)["runs"][0];
    EXPECT_EQ(result["outcome"], "failed");
    std::vector<std::string> missing, advised;
    for (const auto& step : result["steps"])
        for (const auto& one : step.value("results", json::array())) {
            if (one["outcome"] == "failed") missing.push_back(one["name"]);
            if (one["outcome"] == "skipped") advised.push_back(one["name"]);
        }
    EXPECT_THAT(missing, UnorderedElementsAre("fortran", "memory"));
    EXPECT_THAT(advised, UnorderedElementsAre());
    EXPECT_THAT(result["reason"].get<std::string>(),
                HasSubstr("fortran (missing: none of gfortran"));
}

}  // namespace
}  // namespace qh::integration
