// What a new kind of step still lacks outside the code.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/locations.hpp"
#include "scenario/steps/step_action.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

const json& schema() {
    static const auto whole =
        json_document::load(data_directory() / "scenarios/schema/scenario.schema.json").root();
    return whole;
}

/// Whether one of the schemas in the list asks for the key.
bool has_branch_for(const json& list, std::string_view key) {
    return std::ranges::any_of(list, [&](const json& one) {
        const auto& branch = one.contains("if") ? one["if"] : one;
        return branch.value("required", json()) == json::array({key});
    });
}

class step_kinds_table : public testing::TestWithParam<const step_kind*> {};

TEST_P(step_kinds_table, has_the_kind_in_the_schema) {
    const auto key = std::string(GetParam()->key);
    const auto& step = schema()["definitions"]["step"];
    EXPECT_TRUE(step["properties"].contains(key));
    EXPECT_TRUE(has_branch_for(step["allOf"], key));
    EXPECT_TRUE(has_branch_for(step["anyOf"], key));
    const auto& definition = schema()["definitions"][key + "_step"];
    ASSERT_TRUE(definition.is_object());
    for (const auto* shared : {"name", "timeout", "idle_timeout", "when", "tags", "on_fail"})
        EXPECT_TRUE(definition["properties"].contains(shared)) << shared;
    EXPECT_TRUE(definition["properties"].contains(key));
}

TEST_P(step_kinds_table, has_the_kind_in_the_readme) {
    EXPECT_THAT(read_file(data_directory() / "README.md"),
                HasSubstr(fmt::format("\n| `{}` | ", GetParam()->key)));
}

INSTANTIATE_TEST_SUITE_P(all, step_kinds_table, testing::ValuesIn(step_kinds()),
                         [](const auto& instance) { return std::string(instance.param->key); });

}  // namespace
}  // namespace qh
