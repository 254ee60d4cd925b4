#include "record/secret_mask.hpp"

#include <gmock/gmock.h>

#include "run/events/event_json.hpp"
#include "run/guest/command_channel.hpp"
#include "run/guest/file_transfer.hpp"

namespace qh {
namespace {

const time_point start{};

template <typename Stream>
std::string masked(secret_mask& mask, const std::string& bytes) {
    return std::get<Stream>(mask.mask({start, Stream{{bytes}}}).what).bytes;
}

json masked(secret_mask& mask, const event_data& what) {
    return to_json(mask.mask({start, what}).what);
}

/// What is recorded of these chunks of a stream, to its end.
std::string recorded(secret_mask& mask, const std::vector<std::string>& chunks) {
    std::string text;
    for (const auto& chunk : chunks) text += masked<events::console_out>(mask, chunk);
    for (const auto& rest : mask.finish(start))
        text += std::get<events::console_out>(rest.what).bytes;
    return text;
}

TEST(secret_mask, hides_a_secret_however_its_bytes_come) {
    const std::string stream = "pass s3cret, s3cs3cret and s3cre";
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        std::vector<std::string> chunks;
        for (std::size_t at = 0; at < stream.size(); at += size)
            chunks.push_back(stream.substr(at, size));
        secret_mask mask({"s3cret", ""});
        EXPECT_EQ(recorded(mask, chunks), "pass ***, s3c*** and s3cre") << size;
    }
}

TEST(secret_mask, holds_back_no_more_than_what_may_be_a_secret) {
    secret_mask mask({"abcd"});
    const auto first = masked(mask, events::console_out{{"xyzab"}});
    EXPECT_EQ(first["text"], "xyz");
    EXPECT_EQ(first["held"], 2);
    EXPECT_EQ(masked<events::console_out>(mask, "x"), "abx");
    EXPECT_TRUE(mask.finish(start).empty());
}

TEST(secret_mask, keeps_streams_apart) {
    secret_mask mask({"abcd"});
    EXPECT_EQ(masked<events::console_out>(mask, "ab"), "");
    EXPECT_EQ(masked<events::channel_out>(mask, "cd"), "cd");
}

TEST(secret_mask, hides_the_longest_and_what_a_shell_is_typed) {
    const secret_mask mask({"pass", "password", "it's"});
    EXPECT_EQ(mask.text("password pass 'it'\\''s'"), "*** *** '***'");
}

TEST(secret_mask, waits_for_the_longer_of_two) {
    secret_mask mask({"pass", "password"});
    EXPECT_EQ(recorded(mask, {"pass", "word, pass"}), "***, ***");
}

TEST(secret_mask, goes_through_events_of_any_shape) {
    secret_mask mask({"s3cret"});
    const events::attempts what = {{1, "s3cret", {{"s3cret", true}}}, {}, "no s3cret"};
    EXPECT_EQ(dump(masked(mask, what)),
              R"({"attempts":[1,"***",{"s3cret":true}],"reason":"no ***","type":"attempts"})");
}

TEST(secret_mask, leaves_names_and_the_harness_s_own_words) {
    for (const std::string secret : {"a", "e", "name", "passed", "kind", "run", "outcome"}) {
        secret_mask mask({secret});
        const json details = {{"results", {{{"outcome", "passed"}}}},
                              {"captures", {{"kind", secret}, {"name", "x"}}}};
        events::step_finished what = {1, secret, "run", step_outcome::passed};
        what.details.values = details;
        auto expected = to_json(what);
        expected["name"] = expected["captures"]["kind"] = "***";
        EXPECT_EQ(masked(mask, what), expected) << secret;
    }
}

// Whatever the secret, the event stays one.
TEST(secret_mask, leaves_the_words_that_an_event_is_read_by) {
    for (const std::string secret : {"saved", "warm_point", "how", "running", "failed"}) {
        secret_mask mask({secret});
        EXPECT_EQ(masked(mask, events::warm_point{warm_end::saved, "", 1, "abc"})["how"], "saved");
        events::cpu used;
        used.usage.state = process_state::running;
        EXPECT_EQ(masked(mask, used)["state"], "running");
        EXPECT_EQ(masked(mask, events::verdict{run_outcome::failed, ""})["outcome"], "failed");
    }
}

TEST(secret_mask, leaves_what_qemu_says) {
    secret_mask mask({"guest-shutdown"});
    const events::qmp what = {"SHUTDOWN", 1, {{"reason", "guest-shutdown"}}, {}};
    EXPECT_EQ(masked(mask, what), to_json(what));
}

/// What the channel types for a command, with the acknowledgements that it waits for.
std::vector<std::string> typing_of(const std::string& command) {
    std::string word = "abcdefghijkl";
    command_channel channel([&] { return word; }, line_use::own);
    channel.open(start);
    (void)channel.take_typing();
    channel.feed("\n@@" + word + ":O1\n", start);
    channel.execute({command}, start);
    std::vector<std::string> typed;
    while (typed.empty() || !typed.back().empty()) {
        typed.push_back(channel.take_typing());
        channel.feed("\n@@" + word + ":A\n", start);
    }
    return typed;
}

class secret_mask_of : public testing::TestWithParam<std::string> {
  protected:
    /// Whether all of it but its ends is masked, and nothing else is.
    static void expect_masked(const std::string& command, const std::string& secret) {
        secret_mask mask({secret});
        const auto typed = typing_of(command);
        std::string record;
        for (const auto& part : typed) record += masked<events::channel_in>(mask, part);
        for (const auto& rest : mask.finish(start))
            record += std::get<events::channel_in>(rest.what).bytes;
        std::size_t masks = 0;
        for (auto at = record.find("***"); at != record.npos; at = record.find("***", at + 3))
            ++masks;
        EXPECT_EQ(masks, 1u) << record.substr(0, 2000);
        for (const auto* part : {"Tr0u", "Horse", "Batt"})
            EXPECT_THAT(record, testing::Not(testing::HasSubstr(part)));
        EXPECT_THAT(record, testing::HasSubstr("echo"));
        EXPECT_THAT(record, testing::HasSubstr("~"));
    }
};

TEST_P(secret_mask_of, is_known_wherever_the_channel_cuts_it) {
    for (std::size_t before = 640; before < 800; ++before)
        expect_masked("echo " + std::string(before, '.') + GetParam() + "~", GetParam());
    for (std::size_t before = 2900; before < 3200; before += 3)
        expect_masked("echo " + std::string(before, '.') + GetParam() + "~", GetParam());
    expect_masked("echo \n" + GetParam() + "\n~", GetParam());
}

TEST_P(secret_mask_of, is_known_in_what_is_uploaded) {
    for (const std::size_t before : {0, 700, 8180, 8190, 16370}) {
        upload_step step;
        step.content = std::string(before, '.') + GetParam() + "!";
        step.size_bytes = step.content.size();
        const auto upload = make_upload(step, "/t", {GetParam()});
        std::string commands = "echo ";
        for (int part = 0; part < 4; ++part) {
            commands += upload->next_command() + "\n";
            upload->on_result({});
            if (upload->done()) break;
        }
        expect_masked(commands + "~", GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(any, secret_mask_of,
                         testing::Values("Tr0ubadorLongHorseBattery", "Tr0u'badorHorse'Battery'",
                                         "Tr0u\nHorse\tBattery", "'Tr0u Horse\\Batt\xc3\xa9ry\\",
                                         "Tr0u\x01\n\n\"$Horse`Batt\n"));

TEST(secret_mask, knows_lines_and_escapes_of_a_secret_of_several) {
    const secret_mask mask({"-----BEGIN KEY-----\nMIIsecretline\nx\n"});
    EXPECT_EQ(mask.text("one MIIsecretline of"), "one *** of");
    EXPECT_EQ(mask.text("-----BEGIN KEY-----\r\nMIIsecretline\r\nx\r\nend"), "***end");
    EXPECT_EQ(secret_mask({"s3\x1b[cret"}).text(R"(shown as s3\x1b[cret)"), "shown as ***");
}

}  // namespace
}  // namespace qh
