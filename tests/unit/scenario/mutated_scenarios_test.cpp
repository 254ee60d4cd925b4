// Ten thousand wrong scenarios made from the shipped ones: each is read, or refused with a
// position, and the JSON Schema that editors use agrees with the readers.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <random>

#include "base/files.hpp"
#include "build_config.hpp"
#include "scenario/load.hpp"
#include "scenario/schema_fit.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

constexpr int mutants = 10000;

class mutated_scenarios : public test::in_temporary_folder {
  protected:
    std::size_t pick(std::size_t count) { return random_() % count; }

    /// Changes one value, name or member anywhere below `value`.
    void mutate_tree(json& value) {
        static const json replacements[] = {nullptr,
                                            true,
                                            0,
                                            -1,
                                            1e300,
                                            "",
                                            "{{n}}",
                                            "{{",
                                            "\xc2\x80",
                                            "(",
                                            "x >= ",
                                            json::array(),
                                            json::object(),
                                            {{"a", 1}},
                                            {"a", 1, {}},
                                            "999999h",
                                            std::string(300, 'x'),
                                            std::string(1, '\0')};
        if (!value.is_structured() || value.empty() || pick(6) == 0) {
            value = replacements[pick(std::size(replacements))];
        } else if (value.is_array()) {
            auto& item = value[pick(value.size())];
            if (pick(8) == 0)
                value.push_back(item);
            else
                mutate_tree(item);
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
            if (pick(2) == 0)
                text[at] = bytes[pick(bytes.size())];
            else
                text.erase(at, pick(20));
        }
        return text;
    }

    void expect_a_verdict_with_a_position(const std::string& text) {
        // To replace a file waits for the disk, to make one does not.
        std::filesystem::remove(folder() / "m.json");
        static const re2::RE2 diagnostic(R"((?s)^[^\n]*:\d+:\d+: (error|warning|note): .*)");
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
        expect_agreement(text, problems);
    }

    /// What the schema refuses the readers refuse; what they refuse it does too, but for mistakes
    /// that no schema can express.
    void expect_agreement(const std::string& text, const problem_list& problems) {
        static const re2::RE2 beyond_a_schema(
            // Texts that have a language of their own, and quantities.
            "is no regex that RE2|bad regex|does not fit \"start\"|needs a named group|NUL "
            "character|"
            "is not a comparison|out of range|must be a whole number|is one line|a file's path|"
            "a name in the run directory|a limit is a number|the file has the SHA-256|"
            // Other files, other steps, other members.
            "cannot (open|read)|there is no file|no step can come after|nothing has booted "
            "yet|step at most|"
            "has no parameter|"
            "in a circle|needs \"stderr\"|measures one value once|"
            // Names.
            "nothing gives|there is no parameter|stands for nothing|stays as it is|"
            "there is no key|without control characters");
        const auto document = parse(text);
        if (!document) return;
        const bool fits = test::fits_schema(document->root(), test::document_kind::scenario);
        EXPECT_TRUE(fits || problems.errors() > 0) << text << problems.text();
        if (!fits) ++refused_by_schema_;
        for (const auto& one : problems.sorted())
            if (fits && one.level == severity::error && one.file.ends_with("m.json") &&
                !has_placeholder(*document, one.range)) {
                EXPECT_TRUE(re2::RE2::PartialMatch(one.message, beyond_a_schema)) << one.text;
            }
    }

    static std::optional<json_document> parse(const std::string& text) {
        try {
            return json_document::parse(text, "m.json");
        } catch (const error&) {
            return std::nullopt;
        }
    }

    /// Only the readers know what stands there in the end.
    static bool has_placeholder(const json_document& document, text_range range) {
        for (auto line = range.begin.line; line <= range.end.line; ++line)
            if (document.line(line).find("{{") != std::string_view::npos) return true;
        return false;
    }

    std::mt19937 random_{20261124};
    int refused_ = 0, refused_by_schema_ = 0;
};

TEST_F(mutated_scenarios, are_read_or_refused_with_a_position) {
    std::vector<std::string> good;
    const auto shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";
    std::filesystem::create_directory_symlink(shipped / "lib", folder() / "lib");
    for (const auto& entry : std::filesystem::directory_iterator(shipped))
        if (is_scenario_name(entry.path())) good.push_back(read_file(entry.path(), 1u << 20));
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
    EXPECT_GT(refused_by_schema_, mutants / 5) << "and of those that are JSON, many in their form";
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
