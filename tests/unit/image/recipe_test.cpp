#include "image/recipe_file/load_recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string head =
    "{ \"description\": \"d\", \"suite\": \"trixie\", \"architecture\": \"riscv64\",\n"
    "  \"kernel\": \"linux-image-riscv64\", \"build_space\": \"100M\",\n";

class Recipe : public testing::Test {
  protected:
    recipe parse(const std::string& rest) {
        return parse_recipe(head + rest, scratch_.path() / "mine.json");
    }

    std::string problem_of(const std::string& rest) {
        try {
            parse(rest);
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::usage);
            return e.what();
        }
        return "no error";
    }

    temporary_directory scratch_{fs::temp_directory_path(), "recipe"};
};

TEST_F(Recipe, ReadsTreesWithUsrmergedPaths) {
    write_file_atomically(scratch_.path() / "init", "#!/bin/sh\n");
    const recipe read = parse(
        R"("append": "quiet",
  "initrd": { "packages": ["busybox-static"], "modules": ["ext4"],
    "files": { "/init": { "from": "init", "mode": "0755" }, "/etc/hostname": { "text": "h\n" } } },
  "disk": { "size": "2G", "packages": ["bash"], "without": ["dpkg"],
    "directories": { "/tmp": "1777" }, "links": { "/bin": "usr/bin", "/bin/sh": "dash" },
    "compile_python": ["/lib/python3"] } })");
    EXPECT_EQ(read.name, "mine");
    EXPECT_EQ(read.append, "quiet");
    EXPECT_EQ(read.build_bytes, 100u << 20);
    EXPECT_THAT(read.initrd.modules, ElementsAre("ext4"));
    EXPECT_EQ(read.initrd.files.at("init").content, "#!/bin/sh\n");
    EXPECT_EQ(read.initrd.files.at("init").mode, 0755u);
    EXPECT_EQ(read.initrd.files.at("etc/hostname").mode, 0644u);
    ASSERT_TRUE(read.disk);
    EXPECT_EQ(read.disk->size_bytes, 2ull << 30);
    EXPECT_EQ(read.disk->directories.at("tmp"), 01777u);
    EXPECT_EQ(read.disk->links.at("bin"), "usr/bin");
    EXPECT_EQ(read.disk->links.at("usr/bin/sh"), "dash");
    EXPECT_THAT(read.disk->compile_python, ElementsAre("usr/lib/python3"));
}

TEST_F(Recipe, PointsAtMistakes) {
    const std::pair<const char*, const char*> cases[] = {
        {"\"initrd\": { \"package\": [] } }", "mine.json:3:13: error"},
        {"\"initrd\": { \"package\": [] } }", "did you mean \"packages\""},
        {"\"initrd\": { \"packages\": [1] } }", "mine.json:3:"},
        {"\"initrd\": { \"directories\": { \"/tmp\": \"999\" } } }", "octal"},
        {"\"initrd\": { \"directories\": { \"tmp\": \"755\" } } }", "absolute path"},
        {"\"initrd\": { \"links\": { \"/a/../../b\": \"c\" } } }", "absolute path"},
        {"\"initrd\": { \"files\": { \"/a\": { \"from\": \"absent\" } } } }", "there is no file"},
        {"\"initrd\": { \"files\": { \"/a\": {} } } }", "one of \"text\", \"from\" and \"join\""},
        {"\"initrd\": { \"files\": { \"/a\": { \"join\": \"b\" } } } }", "absolute path"},
        {"\"initrd\": {}, \"disk\": { \"packages\": [] } }", "size"},
        {"\"append\": \"\" }", "initrd"},
    };
    for (const auto& [rest, expected] : cases)
        EXPECT_THAT(problem_of(rest), HasSubstr(expected)) << rest;
}

TEST_F(Recipe, TellsEveryMistakeAtOnce) {
    const auto told = problem_of(R"("suit": "x", "append": 1,
  "initrd": { "packages": [1], "modules": 2, "compression": "lzo",
    "files": { "/a": { "from": "absent", "mode": "9" }, "b": { "text": "" }, "/c": {} },
    "users": { "ada": { "uid": -1, "home": ":" }, "b b": {} } },
  "disk": { "base": { "from": "https://x/y", "what": 1, "sha256": "z" }, "directories": { "/d": "x" } } })");
    for (const char* const place : {"3:1", "3:24", "4:28", "4:43", "4:61", "5:32", "5:50", "5:62",
                                    "5:84", "6:32", "6:44", "6:51", "7:11", "7:54", "7:67", "7:97"})
        EXPECT_THAT(told, HasSubstr(fmt::format("mine.json:{}: error: ", place)));
    EXPECT_THAT(told, HasSubstr("\"size\""));
}

TEST_F(Recipe, TellsOfUsersAndServicesThatCannotBeBeforeTheBuild) {
    const std::string files =
        R"x("files": { "/etc/passwd": { "text": "root:x:0:0::/:/bin/sh\n" },
                   "/etc/group": { "text": "root:x:0:\n" } },)x";
    const auto disk = [&](const std::string& rest) {
        return problem_of(R"("initrd": {}, "disk": { "size": "1G", "packages": ["bash"],)" + files +
                          rest + "} }");
    };
    EXPECT_THAT(disk(R"("users": { "ada": { "uid": 1, "groups": ["wheel"] } })"),
                HasSubstr("there is no group \"wheel\" for the user \"ada\""));
    EXPECT_THAT(disk(R"("users": { "ada": {} })"), HasSubstr("needs a \"uid\""));
    EXPECT_THAT(disk(R"("users": { "ada": { "uid": 7 }, "bob": { "uid": 7 } })"),
                HasSubstr("has the uid of \"ada\""));
    EXPECT_EQ(disk(R"("users": { "ada": { "uid": 7 }, "bob": { "uid": 8, "groups": "ada" } })"),
              "no error");
    // A package may bring the script; nothing else could here.
    EXPECT_EQ(disk(R"("services": { "default": "sshd" })"), "no error");
    EXPECT_THAT(problem_of(R"("initrd": { "services": { "default": "sshd" } } })"),
                HasSubstr("mine.json:3:38: error: \"sshd\" is started, and nothing brings "
                          "/etc/init.d/sshd"));
    EXPECT_EQ(problem_of(R"("initrd": { "services": { "default": "sshd" },
                            "files": { "/etc/init.d/sshd": { "text": "" } } } })"),
              "no error");
}

TEST_F(Recipe, DigestFollowsTextAndFiles) {
    const std::string rest = R"("initrd": { "files": { "/init": { "from": "init" } } } })";
    write_file_atomically(scratch_.path() / "init", "one");
    const std::string before = parse(rest).digest;
    EXPECT_EQ(before.size(), 64u);
    EXPECT_EQ(parse(rest).digest, before);
    EXPECT_NE(parse(rest + "\n").digest, before);
    write_file_atomically(scratch_.path() / "init", "two");
    EXPECT_NE(parse(rest).digest, before);
}

TEST(Recipes, OurOwnAreValid) {
    EXPECT_THAT(recipe_names(), testing::IsSupersetOf({"tiny", "debian-pytorch"}));
    for (const auto& name : recipe_names()) EXPECT_EQ(load_recipe(name).name, name);
    EXPECT_FALSE(load_recipe("tiny").disk);
    EXPECT_TRUE(load_recipe("debian-pytorch").disk);
}

TEST(Recipes, AnUnknownNameGetsASuggestion) {
    try {
        load_recipe("debian-torch");
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.kind(), fault::usage);
        EXPECT_THAT(e.what(), HasSubstr("did you mean \"debian-pytorch\""));
    }
}

}  // namespace
}  // namespace qh
