// Downloads from a server on this host that fails as servers do.
#include "image/fetch/download.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "support/web_server.hpp"

namespace qh {
namespace {

namespace http = boost::beast::http;
namespace fs = std::filesystem;
using test::all_of;
using test::web_server;
using testing::HasSubstr;

class downloading : public testing::Test {
  protected:
    std::string fetch(const web_server& server, const std::string& sum) {
        build_phases phases(options_);
        return read_file(download({server.address(), sum}, scratch_.path(), phases));
    }

    std::string problem(const web_server& server, const std::string& sum) {
        try {
            fetch(server, sum);
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::infrastructure);
            return e.what();
        }
        return "no error";
    }

    const std::string content_ = std::string(1000, 'a') + std::string(1000, 'b');
    const std::string sum_ = sha256_hex(content_);
    build_options options_;
    temporary_directory scratch_{fs::temp_directory_path(), "download"};
};

TEST_F(downloading, a_file_is_fetched_once) {
    int asked = 0;
    const web_server server([&](const auto&) {
        ++asked;
        return all_of(content_);
    });
    EXPECT_EQ(fetch(server, sum_), content_);
    EXPECT_EQ(fetch(server, sum_), content_);
    EXPECT_EQ(asked, 1);
}

TEST_F(downloading, goes_on_where_a_broken_connection_left_it) {
    std::vector<std::string> ranges;
    const web_server server([&](const web_server::request& asked) {
        ranges.emplace_back(asked[http::field::range]);
        if (ranges.size() == 1) return all_of(content_).substr(0, all_of(content_).size() - 500);
        return fmt::format(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 500\r\nContent-Range: bytes "
            "1500-1999/2000\r\nConnection: close\r\n\r\n{}",
            content_.substr(1500));
    });
    EXPECT_THAT(problem(server, sum_), HasSubstr("and is continued"));
    EXPECT_EQ(fetch(server, sum_), content_);
    EXPECT_EQ(ranges[1], "bytes=1500-");
}

TEST_F(downloading, begins_anew_where_the_server_has_no_such_range) {
    const web_server server([&](const web_server::request& asked) {
        if (!asked[http::field::range].empty())
            return std::string("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n");
        return all_of(content_);
    });
    write_file_atomically(scratch_.path() / (sum_ + ".part"), content_ + "and more");
    EXPECT_EQ(fetch(server, sum_), content_);
}

TEST_F(downloading, a_wrong_checksum_names_both_and_leaves_nothing) {
    const web_server server([&](const auto&) { return all_of("something else"); });
    const auto said = problem(server, sum_);
    EXPECT_THAT(said, HasSubstr(sum_));
    EXPECT_THAT(said, HasSubstr(sha256_hex("something else")));
    EXPECT_FALSE(fs::exists(scratch_.path() / sum_));
    EXPECT_FALSE(fs::exists(scratch_.path() / (sum_ + ".part")));
}

TEST_F(downloading, tells_the_servers_refusal_and_keeps_off_the_net_when_offline) {
    const web_server server([&](const auto&) {
        return std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    });
    EXPECT_THAT(problem(server, sum_), HasSubstr("404"));
    options_.offline = true;
    EXPECT_THAT(problem(server, sum_), HasSubstr("--offline"));
}

}  // namespace
}  // namespace qh
