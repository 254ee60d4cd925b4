// Files into a real shell and out of it.
#include "run/guest/file_transfer.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdio>
#include <random>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

class file_transfer_test : public test::in_temporary_folder {
  protected:
    channel_result run(const std::string& command) {
        ++commands_;
        const auto script = write("script", search_path_ + command);
        FILE* const pipe =
            ::popen(("/bin/sh " + script.string() + " 2>&1 </dev/null").c_str(), "r");
        channel_result result;
        char buffer[4096];
        while (const auto size = std::fread(buffer, 1, sizeof buffer, pipe))
            result.output.append(buffer, size);
        result.status = WEXITSTATUS(::pclose(pipe));
        return result;
    }

    void play(file_transfer& transfer) {
        while (!transfer.done()) transfer.on_result(run(transfer.next_command()));
    }

    static upload_step upload_of(const std::string& content) {
        upload_step step;
        step.mode = "0640";
        step.content = content;
        step.size_bytes = content.size();
        step.sha256 = sha256_hex(content);
        return step;
    }

    static std::string all_bytes(std::size_t size) {
        std::mt19937 random(1);
        std::string bytes = "%s \\n '\"$x`\n\t";
        bytes.push_back('\0');
        while (bytes.size() < size) bytes.push_back(static_cast<char>(random()));
        return bytes;
    }

    std::string path(const std::string& name) {
        return (write("x", "").parent_path() / name).string();
    }

    /// A folder of programs in front of the shell's own.
    void without(const std::string& program) {
        const auto folder = path("bin");
        std::filesystem::create_directory(folder);
        for (const auto& entry : std::filesystem::directory_iterator("/usr/bin"))
            if (entry.path().filename() != program)
                std::filesystem::create_symlink(entry.path(), folder / entry.path().filename());
        search_path_ = "PATH=" + folder + ";";
    }

    int commands_ = 0;
    std::string search_path_;
};

TEST_F(file_transfer_test, types_any_bytes_into_a_folder_that_was_not_there) {
    const auto content = all_bytes(20000);
    const auto step = upload_of(content);
    const auto target = path("new folder/it's");
    const auto transfer = make_upload(step, target);
    play(*transfer);
    EXPECT_EQ(transfer->problem(), "");
    EXPECT_EQ(transfer->arrived().size_bytes, content.size());
    EXPECT_EQ(read_file(target), content);
    EXPECT_EQ(std::filesystem::status(target).permissions(), std::filesystem::perms(0640));
}

TEST_F(file_transfer_test, an_empty_file_arrives_too) {
    const auto step = upload_of("");
    const auto transfer = make_upload(step, path("empty"));
    play(*transfer);
    EXPECT_EQ(transfer->problem(), "");
    EXPECT_EQ(std::filesystem::file_size(path("empty")), 0u);
}

TEST_F(file_transfer_test, tells_what_arrived_otherwise) {
    auto step = upload_of("abc");
    step.sha256 = std::string(64, '0');
    const auto transfer = make_upload(step, path("x"));
    play(*transfer);
    EXPECT_THAT(transfer->problem(), HasSubstr("3 of 3 bytes arrived, with SHA-256 ba7816bf"));
}

TEST_F(file_transfer_test, tells_where_the_guest_cannot_write) {
    const auto step = upload_of("abc");
    const auto transfer = make_upload(step, "/proc/no/such");
    play(*transfer);
    EXPECT_THAT(transfer->problem(), HasSubstr("/proc/no"));
}

TEST_F(file_transfer_test, types_a_small_file_where_there_is_no_disk_and_refuses_a_large_one) {
    auto step = upload_of("abc");
    step.serial = "qharness-file-0";
    auto transfer = make_upload(step, path("x"));
    play(*transfer);
    EXPECT_EQ(transfer->problem(), "");
    step.size_bytes = 5u << 20;
    step.content.clear();
    transfer = make_upload(step, path("x"));
    play(*transfer);
    EXPECT_THAT(transfer->problem(), HasSubstr("5 MB are too much to be typed"));
}

TEST_F(file_transfer_test, downloads_any_bytes_in_parts) {
    for (const std::string lacking : {"", "base64"}) {
        if (!lacking.empty()) without(lacking);
        for (const std::size_t size : {0u, 20u, 300'000u, 2u * 128 * 1024}) {
            const auto content = all_bytes(size).substr(0, size);
            const auto transfer = make_download(write("it's here", content).string());
            play(*transfer);
            EXPECT_EQ(transfer->problem(), "") << lacking << size;
            EXPECT_EQ(transfer->content(), content) << lacking << size;
            EXPECT_EQ(transfer->arrived().sha256, sha256_hex(content));
        }
    }
}

TEST_F(file_transfer_test, leaves_out_what_is_appended_meanwhile) {
    const auto file = write("log", "first\n");
    const auto transfer = make_download(file.string());
    transfer->on_result(run(transfer->next_command()));
    write("log", "first\nsecond\n");
    play(*transfer);
    EXPECT_EQ(transfer->problem(), "");
    EXPECT_EQ(transfer->content(), "first\n");
}

TEST_F(file_transfer_test, tells_of_a_file_that_is_not_there_or_was_changed) {
    auto transfer = make_download(path("absent"));
    play(*transfer);
    EXPECT_THAT(transfer->problem(), HasSubstr("there is no file " + path("absent")));
    transfer = make_download(write("log", "first\n").string());
    transfer->on_result(run(transfer->next_command()));
    write("log", "other\n");
    play(*transfer);
    EXPECT_THAT(transfer->problem(), HasSubstr("where the guest has"));
}

}  // namespace
}  // namespace qh
