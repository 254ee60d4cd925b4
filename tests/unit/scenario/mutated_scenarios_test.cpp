// Ten thousand wrong scenarios made from the shipped ones: each is read, or refused with a position.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

#include "base/files.hpp"
#include "build_config.hpp"
#include "scenario/load.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

constexpr int mutants = 10000;

class mutated_scenarios : public test::in_temporary_folder {
  protected:
    std::size_t pick(std::size_t count) { return random_() % count; }

    /// Changes one value, name or member anywhere below `value`.
    void mutate_tree(json& value) {
        static const json replacements[] = {
            nullptr,        true,       0,           -1,       1e300,         "",
            "{{n}}",        "{{",       "\xc2\x80",  "(",      "x >= ",       json::array(),
            json::object(), {{"a", 1}}, {"a", 1, {}}, "999999h", std::string(300, 'x'),
            std::string(1, '\0')};
        if (!value.is_structured() || value.empty() || pick(6) == 0) {
            value = replacements[pick(std::size(replacements))];
        } else if (value.is_array()) {
            auto& item = value[pick(value.size())];
            if (pick(8) == 0) value.push_back(item);
            else mutate_tree(item);
        } else {
            auto member = std::next(value.begin(), static_cast<long>(pick(value.size())));
            if (pick(8) == 0) {
                const auto moved = member.value();
                const auto name = member.key() + "x";
                value.erase(member);
                value[pick(2) == 0 ? name : "run"] = moved;
            } else {
                mutate_tree(member.value());
            }
        }
    }

    std::string mutate_text(std::string text) {
        static const std::string bytes("\0\"{}[],:\\\n9e-\xff", 14);
        for (auto changes = 1 + pick(3); changes > 0; --changes) {
            const auto at = pick(text.size());
            if (pick(2) == 0) text[at] = bytes[pick(bytes.size())];
            else text.erase(at, pick(20));
        }
        return text;
    }

    void expect_a_verdict_with_a_position(const std::string& text) {
        static const re2::RE2 diagnostic(R"((?s)^[^\n]*:\d+:\d+: (error|warning): .*)");
        problem_list problems;
        try {
            read_scenario(write("m.json", text), {}, problems);
        } catch (const std::exception& e) {
            FAIL() << e.what() << "\n" << text;
        }
        for (const auto& one : problems.sorted()) {
            EXPECT_TRUE(re2::RE2::FullMatch(one.text, diagnostic)) << one.text;
            EXPECT_EQ(one.message.find("json.exception"), std::string::npos) << one.text;
            EXPECT_EQ(one.message.find("std::"), std::string::npos) << one.text;
        }
        refused_ += problems.errors() > 0;
    }

    std::mt19937 random_{20261124};
    int refused_ = 0;
};

TEST_F(mutated_scenarios, are_read_or_refused_with_a_position) {
    std::vector<std::string> good;
    const auto shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";
    for (const auto& entry : std::filesystem::directory_iterator(shipped))
        if (entry.path().extension() == ".json") good.push_back(read_file(entry.path(), 1u << 20));
    for (int i = 0; i < mutants && !HasFailure(); ++i) {
        const auto& original = good[pick(good.size())];
        if (i % 2 == 0) {
            expect_a_verdict_with_a_position(mutate_text(original));
        } else {
            auto tree = json::parse(original, nullptr, true, true);
            for (auto changes = 1 + pick(3); changes > 0; --changes) mutate_tree(tree);
            expect_a_verdict_with_a_position(dump(tree, 2));
        }
    }
    EXPECT_GT(refused_, mutants / 2) << "most of them should be wrong";
}

TEST_F(mutated_scenarios, too_large_or_too_deep_names_its_limit) {
    const auto text_of = [&](const std::string& text) {
        problem_list problems;
        try {
            read_scenario(write("m.json", text), {}, problems);
        } catch (const error& e) {
            return std::string(e.what());
        }
        return problems.text();
    };
    EXPECT_NE(text_of("[" + std::string(100u << 20, ' ') + "]").find("16"), std::string::npos);
    EXPECT_NE(text_of(std::string(10000, '[')).find("nested deeper than 100 levels"),
              std::string::npos);
}

}  // namespace
}  // namespace qh
