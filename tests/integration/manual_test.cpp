// What the program tells of itself: lists, the host's state, man page and completions.
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <re2/re2.h>

#include <set>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class manual : public harness_test {
  protected:
    std::string output_of(const std::vector<std::string>& arguments) const {
        const auto end = call(arguments);
        EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
        return end.output;
    }

    /// Each command with each option that its --help shows.
    std::vector<std::pair<std::vector<std::string>, std::string>> all_options() const {
        std::vector<std::pair<std::vector<std::string>, std::string>> found;
        for (const auto& command : std::vector<std::vector<std::string>>{{},
                                                                         {"run"},
                                                                         {"shell"},
                                                                         {"lint"},
                                                                         {"list"},
                                                                         {"image"},
                                                                         {"image", "build"},
                                                                         {"image", "list"},
                                                                         {"image", "path"},
                                                                         {"image", "rm"},
                                                                         {"doctor"},
                                                                         {"completion"},
                                                                         {"man"}}) {
            auto help = command;
            help.push_back("--help");
            const auto text = output_of(help);
            static const re2::RE2 option("(?m)^ +(?:-\\w,)?(--[a-z0-9-]+)");
            re2::StringPiece rest(text);
            for (std::string name; re2::RE2::FindAndConsume(&rest, option, &name);)
                found.emplace_back(command, name);
        }
        return found;
    }

    /// What bash offers for the last of `words`.
    std::set<std::string> completed(const std::vector<std::string>& words) const {
        write("completions.sh", output_of({"completion", "bash"}));
        std::string line;
        for (const auto& word : words) line += " " + shell_quote(word);
        write("ask.sh", fmt::format(". ./completions.sh\nCOMP_WORDS=({} {})\nCOMP_CWORD={}\n"
                                    "_qharness\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                                    shell_quote(QHARNESS_PROGRAM), line, words.size()));
        const auto end = run_program({"/bin/bash", "ask.sh"}, folder(), variables);
        EXPECT_EQ(end.errors, "");
        std::set<std::string> offered;
        for (const auto one : split_lines(end.output)) offered.emplace(one);
        return offered;
    }

    /// A program that answers as a QEMU of this version does.
    std::string qemu_of_version(const std::string& version) const {
        write("opensbi-riscv64-generic-fw_dynamic.bin", "");
        const auto program =
            write("qemu", fmt::format("#!/bin/sh\ncase $* in\n"
                                      "--version) echo 'QEMU emulator version {}' ;;\n"
                                      "'-L help') pwd ;;\n"
                                      "*) printf 'Available CPUs:\\n  rv64\\n  one-more\\n' ;;\n"
                                      "esac\n",
                                      version));
        fs::permissions(program, fs::perms::owner_all);
        return program.string();
    }

    static json check_named(const json& document, const std::string& name) {
        for (const auto& check : document["checks"])
            if (check["name"] == name) return check;
        return {};
    }
};

TEST_F(manual, every_option_in_help_is_in_the_man_page_and_in_all_completions) {
    const auto options = all_options();
    ASSERT_GT(options.size(), 40u);
    auto page = output_of({"man"});
    re2::RE2::GlobalReplace(&page, R"(\\-)", "-");
    const auto zsh = output_of({"completion", "zsh"});
    const auto fish = output_of({"completion", "fish"});
    for (const auto& [command, option] : options) {
        EXPECT_THAT(page, HasSubstr(option));
        EXPECT_THAT(zsh, HasSubstr(option + "["));
        EXPECT_THAT(fish, HasSubstr(" -l " + option.substr(2)));
        auto words = command;
        words.push_back(option);
        EXPECT_THAT(completed(words), Contains(option)) << fmt::format("{}", fmt::join(words, " "));
    }
}

TEST_F(manual, bash_completes_commands_and_the_values_of_arguments_and_options) {
    EXPECT_THAT(completed({""}), IsSupersetOf({"run", "shell", "image", "doctor"}));
    EXPECT_EQ(completed({"image", "bu"}), std::set<std::string>{"build"});
    EXPECT_THAT(completed({"run", "sm"}), Contains("smoke"));
    EXPECT_THAT(completed({"shell", ""}), Contains("tiny"));
    EXPECT_THAT(completed({"run", "--image", "ti"}), Contains("tiny"));
    EXPECT_THAT(completed({"run", "--image", "=", "ti"}), Contains("tiny"));
    EXPECT_EQ(completed({"list", "c"}), std::set<std::string>{"cpus"});
    write("my.json", "{}");
    EXPECT_THAT(completed({"run", "my"}), Contains("my.json"));
    EXPECT_THAT(completed({"run", "--kernel", "my"}), Contains("my.json"));
}

TEST_F(manual, the_man_page_has_every_command_and_its_examples) {
    const auto page = output_of({"man"});
    for (const auto* name : {"run", "shell", "lint", "list", "image build", "doctor"})
        EXPECT_THAT(page, HasSubstr(fmt::format("\n.SS {}\n", name)));
    EXPECT_THAT(page, HasSubstr("qharness run smoke"));
}

TEST_F(manual, the_list_has_scenarios_steps_images_and_this_qemus_cpus) {
    const auto document =
        parse_json(output_of({"list", "--json", "--qemu", qemu_of_version("10.0.2")}));
    std::map<std::string, json> scenarios;
    for (const auto& one : document["scenarios"]) scenarios[one["name"]] = one;
    ASSERT_TRUE(scenarios.contains("smoke"));
    EXPECT_NE(scenarios["smoke"]["description"], "");
    for (const auto& step : document["steps"])
        EXPECT_NE(step["description"], "") << step["name"] << " is not in scenarios/lib/steps.json";
    EXPECT_GE(document["steps"].size(), 7u);
    EXPECT_GE(document["images"].size(), 2u);
    EXPECT_EQ(document["cpus"], (json::array({{{"name", "rv64"}}, {{"name", "one-more"}}})));
}

TEST_F(manual, the_list_may_be_of_one_kind_and_of_names_alone) {
    EXPECT_THAT(output_of({"list", "scenarios", "--names"}), HasSubstr("smoke\n"));
    EXPECT_EQ(output_of({"list", "cpus", "--names", "--qemu", qemu_of_version("10.0.2")}),
              "rv64\none-more\n");
    EXPECT_THAT(output_of({"list", "steps"}), Not(HasSubstr("images:")));
    EXPECT_EQ(call({"list", "moons"}).status, (exit_status{false, 4}));
    EXPECT_EQ(call({"list", "cpus", "--qemu", "/no/such/qemu"}).status, (exit_status{false, 6}));
}

TEST_F(manual, the_doctor_ends_6_for_what_is_needed_and_names_the_command_that_mends_it) {
    const auto end = call({"doctor", "--qemu", "/no/such/qemu"});
    EXPECT_EQ(end.status, (exit_status{false, 6}));
    EXPECT_THAT(end.output, HasSubstr("apt-get install qemu-system-riscv"));
    const auto old = call({"doctor", "--json", "--qemu", qemu_of_version("7.2.0")});
    EXPECT_EQ(old.status, (exit_status{false, 6}));
    EXPECT_THAT(check_named(parse_json(old.output), "qemu")["found"].get<std::string>(),
                HasSubstr("8.2 is needed"));
}

TEST_F(manual, the_doctor_is_content_with_what_is_there) {
    const auto end = call({"doctor", "--json", "--qemu", qemu_of_version("10.0.2")});
    const auto document = parse_json(end.output);
    EXPECT_EQ(check_named(document, "qemu")["state"], "ok");
    EXPECT_EQ(check_named(document, "firmware")["state"], "ok");
    bool missing = false;
    for (const auto& check : document["checks"]) {
        missing = missing || check["state"] == "missing";
        EXPECT_EQ(check["state"] == "ok", check["remedy"] == "") << check;
    }
    EXPECT_EQ(end.status, (exit_status{false, missing ? 6 : 0}));
}

}  // namespace
}  // namespace qh::integration
