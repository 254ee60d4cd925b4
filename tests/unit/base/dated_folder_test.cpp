#include "base/dated_folder.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

class dated_folder : public test::in_temporary_folder {};

TEST(file_name_part, has_nothing_that_a_file_system_or_a_shell_acts_on) {
    const struct {
        std::string name, part;
    } cases[] = {
        {"Linux-6.12_rc1", "Linux-6.12_rc1"},
        {"a/../b c", "a-..-b-c"},
        {"\xff\n$", "---"},
        {"", ""},
        {std::string(61, 'x'), std::string(60, 'x')},
    };
    for (const auto& c : cases) EXPECT_EQ(file_name_part(c.name), c.part);
}

TEST_F(dated_folder, is_made_with_its_parents_and_named_after_time_and_name) {
    const auto parent = folder() / "new" / "runs";
    const auto path = make_dated_folder(parent, "a b", "the run's", [] { return 0xABC0012u; });
    EXPECT_TRUE(std::filesystem::is_directory(path));
    EXPECT_EQ(path.parent_path(), parent);
    EXPECT_THAT(path.filename().string(), MatchesRegex("[0-9]{8}T[0-9]{6}Z-a-b-0012"));
}

TEST_F(dated_folder, is_never_one_that_was_there) {
    const auto make_many = [&] {
        for (int i = 0; i < 1000; ++i)
            make_dated_folder(folder(), "s", "the run's", [] { return 7u; });
    };
    EXPECT_TRUE(test::fails_with(fault::infrastructure, make_many));
    EXPECT_THAT(test::message_of(make_many), HasSubstr("File exists"));
}

TEST_F(dated_folder, gets_another_name_where_one_is_taken) {
    unsigned next = 0;
    const auto every_id_twice = [&] { return next++ / 2; };
    for (int i = 0; i < 20; ++i) make_dated_folder(folder(), "s", "the run's", every_id_twice);
    using entries = std::filesystem::directory_iterator;
    EXPECT_EQ(std::distance(entries(folder()), entries()), 20);
}

TEST_F(dated_folder, that_cannot_be_made_is_an_error_that_says_whose_and_where) {
    const auto file = write("file", "");
    const auto make = [&] { make_dated_folder(file / "nights", "n", "the night's"); };
    EXPECT_TRUE(test::fails_with(fault::infrastructure, make));
    EXPECT_THAT(test::message_of(make), AllOf(HasSubstr("cannot make the night's folder in " +
                                                        (file / "nights").string() + ": "),
                                              HasSubstr("--out")));
}

}  // namespace
}  // namespace qh
