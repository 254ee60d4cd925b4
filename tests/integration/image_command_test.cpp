// `qharness image` as a command, on images that need neither packages nor QEMU.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <random>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "harness_test.hpp"
#include "image/read/archive_handles.hpp"
#include "image/read/tree_reader.hpp"
#include "process/tool.hpp"
#include "support/web_server.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using test::all_of;
using test::web_server;
using testing::HasSubstr;
using testing::Not;

/// What no filesystem and no compression makes smaller.
std::string noise(std::size_t size) {
    std::minstd_rand random(1);
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random() >> 8);
    return bytes;
}

/// A tarball of one file.
std::string tarball(const std::string& name, const std::string& content, mode_t mode = 0644) {
    std::string bytes(content.size() + 65536, '\0');
    std::size_t used = 0;
    const archive_writer writer(archive_write_new());
    archive_write_set_format_ustar(writer.get());
    archive_write_open_memory(writer.get(), bytes.data(), bytes.size(), &used);
    const archive_entry_handle entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_mode(entry.get(), S_IFREG | mode);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    check_archive(archive_write_header(writer.get(), entry.get()), writer.get(), "test");
    archive_write_data(writer.get(), content.data(), content.size());
    archive_write_close(writer.get());
    return bytes.substr(0, used);
}

/// The modes of those of `wanted` that the initrd has.
std::map<std::string, mode_t> modes_in_initrd(const fs::path& image,
                                              const std::map<std::string, mode_t>& wanted) {
    const archive_reader reader(archive_read_new());
    archive_read_support_format_cpio(reader.get());
    archive_read_support_filter_gzip(reader.get());
    archive_read_open_filename(reader.get(), (image / "initrd").c_str(), 1 << 16);
    std::map<std::string, mode_t> modes;
    archive_entry* entry = nullptr;
    while (next_member(reader.get(), &entry, "test"))
        if (wanted.contains(member_name(entry)))
            modes[member_name(entry)] = archive_entry_mode(entry) & 07777;
    return modes;
}

std::string tool(std::vector<std::string> argv) {
    tool_command command;
    command.argv = std::move(argv);
    return run_tool(command);
}

class image_command : public harness_test {
  protected:
    image_command() { variables["QHARNESS_CACHE_DIR"] = cache(); }

    fs::path cache() const { return folder() / "cache"; }

    /// A recipe whose initrd has a base and the file /etc/motd.
    fs::path write_recipe(const std::string& name, const json& base = {{"what", "a tarball"}},
                          const json& disk = nullptr) const {
        json recipe = {{"description", "test"},
                       {"kernel", {{"from", write("kernel", "kernel")}}},
                       {"build_space", "1K"},
                       {"initrd", {{"base", base}, {"files", {{"/etc/motd", {{"text", name}}}}}}}};
        if (!disk.is_null()) recipe["disk"] = disk;
        return write(name + ".json", recipe.dump());
    }

    /// The image's folder, as the command prints it.
    fs::path build(const std::vector<std::string>& arguments) const {
        std::vector<std::string> all = {"image", "build"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        const auto end = call(all);
        EXPECT_TRUE(end.status.clean()) << end.errors;
        return std::string(trim(end.output));
    }

    void expect_in_initrd(const fs::path& image, const std::string& path) const {
        std::vector<std::string> paths;
        read_tree(image / "initrd", 1, [&](const tree_entry& one) { paths.push_back(one.path); });
        EXPECT_THAT(paths, testing::Contains(path));
    }
};

TEST_F(image_command, a_base_from_the_web_is_fetched_on_from_where_the_connection_broke) {
    const auto base = tarball("from/the-web", "content"), sum = sha256_hex(base);
    std::vector<std::string> ranges;
    const web_server server([&](const web_server::request& asked) {
        ranges.emplace_back(asked[boost::beast::http::field::range]);
        if (ranges.size() == 1) return all_of(base).substr(0, all_of(base).size() - 1000);
        return fmt::format(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 1000\r\nContent-Range: bytes "
            "{}-{}/{}\r\nConnection: close\r\n\r\n{}",
            base.size() - 1000, base.size() - 1, base.size(), base.substr(base.size() - 1000));
    });
    const auto recipe = write_recipe("mine");
    const std::vector<std::string> arguments = {recipe, "--base", server.address(), "--sha256",
                                                sum};
    const auto broken =
        call({"image", "build", recipe, "--base", server.address(), "--sha256", sum});
    EXPECT_EQ(broken.status, (exit_status{false, 6}));
    EXPECT_THAT(broken.errors, HasSubstr("is continued"));
    const auto image = build(arguments);
    expect_in_initrd(image, "from/the-web");
    expect_in_initrd(image, "etc/motd");
    EXPECT_THAT(ranges, testing::ElementsAre("", fmt::format("bytes={}-", base.size() - 1000)));

    // Nothing more is asked of the server, whoever needs the same base.
    EXPECT_EQ(
        build({write_recipe("other"), "--offline", "--base", server.address(), "--sha256", sum})
            .parent_path()
            .filename(),
        "other");
    EXPECT_EQ(ranges.size(), 2u);
}

TEST_F(image_command, a_base_from_the_web_needs_the_checksum_that_it_has) {
    const auto base = tarball("a", "content"), other = std::string(64, '0');
    const web_server server([&](const auto&) { return all_of(base); });
    const auto recipe = write_recipe("mine");
    const auto without = call({"image", "build", recipe, "--base", server.address()});
    EXPECT_EQ(without.status, (exit_status{false, 4}));
    EXPECT_THAT(without.errors, HasSubstr("--sha256"));
    const auto wrong =
        call({"image", "build", recipe, "--base", server.address(), "--sha256", other});
    EXPECT_EQ(wrong.status, (exit_status{false, 6}));
    EXPECT_THAT(wrong.errors, HasSubstr(sha256_hex(base)));
    EXPECT_THAT(wrong.errors, HasSubstr(other));
    EXPECT_FALSE(fs::exists(cache() / "images/mine/by-recipe"));
}

/// Holds what it was asked for back until the test lets it go.
class slow_server {
  public:
    explicit slow_server(std::string content) : content_(std::move(content)) {}
    ~slow_server() { let_go(); }

    std::string address() const { return server_.address(); }
    bool wait_until_asked() {
        return asked_.get_future().wait_for(longest_test) == std::future_status::ready;
    }
    void let_go() {
        if (!std::exchange(is_free_, true)) free_.set_value();
    }
    int requests() const { return requests_; }

  private:
    std::string content_;
    std::promise<void> asked_, free_;
    std::shared_future<void> freed_{free_.get_future()};
    bool is_free_ = false;
    std::atomic<int> requests_ = 0;
    web_server server_{[this](const auto&) {
        if (++requests_ == 1) asked_.set_value();
        freed_.wait();
        return all_of(content_);
    }};
};

TEST_F(image_command, the_second_of_two_builders_waits_and_builds_nothing) {
    const auto base = tarball("a", "content");
    slow_server server(base);
    const auto recipe =
        write_recipe("mine", {{"from", server.address()}, {"sha256", sha256_hex(base)}});
    auto first = start({"image", "build", recipe});
    ASSERT_TRUE(server.wait_until_asked());
    auto second = start({"image", "build", recipe});
    second.wait_for_errors("waiting for another build to finish");
    server.let_go();
    const auto made = first.finish(), found = second.finish();
    EXPECT_TRUE(made.status.clean()) << made.errors;
    EXPECT_TRUE(found.status.clean()) << found.errors;
    EXPECT_EQ(made.output, found.output);
    EXPECT_THAT(made.errors, HasSubstr("initrd"));
    EXPECT_THAT(found.errors, Not(HasSubstr("initrd")));
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(image_command, builders_of_one_recipe_and_two_bases_each_get_their_own) {
    const auto base = tarball("a", "content");
    slow_server server(base);
    const auto recipe = write_recipe("mine");
    write("other.tar", tarball("b", "content"));
    auto first =
        start({"image", "build", recipe, "--base", server.address(), "--sha256", sha256_hex(base)});
    ASSERT_TRUE(server.wait_until_asked());
    auto second = start({"image", "build", recipe, "--base", "other.tar"});
    second.wait_for_errors("waiting for another build to finish");
    server.let_go();
    expect_in_initrd(std::string(trim(first.finish().output)), "a");
    expect_in_initrd(std::string(trim(second.finish().output)), "b");
}

TEST_F(image_command, prune_removes_by_age_and_by_size) {
    write("base.tar", tarball("a", noise(100'000)));
    const auto build_of_age = [&](const std::string& name, int days) {
        const auto image = build({write_recipe(name), "--base", "base.tar"});
        fs::last_write_time(image / "manifest.json",
                            fs::file_time_type::clock::now() - std::chrono::hours(24 * days));
        return image;
    };
    const auto old = build_of_age("old", 40), middle = build_of_age("middle", 20),
               recent = build_of_age("recent", 10);
    EXPECT_EQ(call({"image", "prune"}).status, (exit_status{false, 4}));

    const auto told = call({"image", "prune", "--older-than", "30", "--dry-run"});
    EXPECT_THAT(told.output, HasSubstr("would remove " + old.string()));
    EXPECT_THAT(told.output, Not(HasSubstr(middle.string())));
    EXPECT_TRUE(fs::exists(old));

    EXPECT_THAT(call({"image", "prune", "--older-than", "30"}).output,
                HasSubstr("removed " + old.string()));
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(middle));

    EXPECT_THAT(call({"image", "prune", "--keep", "150K"}).output,
                HasSubstr("removed " + middle.string()));
    EXPECT_FALSE(fs::exists(middle));
    EXPECT_TRUE(fs::exists(recent));
    EXPECT_EQ(trim(call({"image", "path", folder() / "recent.json"}).output), recent.string());
    EXPECT_EQ(call({"image", "path", folder() / "old.json"}).status, (exit_status{false, 4}));
}

TEST_F(image_command, setuid_setgid_and_sticky_bits_reach_the_guest) {
    write("base.tar", tarball("su", "x", 04755));
    const json content = {{"base", {{"from", "base.tar"}}},
                          {"directories", {{"/tmp", "1777"}, {"/mail", "2775"}}},
                          {"files", {{"/chage", {{"text", "x"}, {"mode", "2755"}}}}}};
    json recipe = {{"description", "test"},
                   {"kernel", {{"from", write("kernel", "kernel")}}},
                   {"build_space", "1K"},
                   {"initrd", content},
                   {"disk", content}};
    recipe["disk"]["size"] = "8M";
    const auto image = build({write("mine.json", recipe.dump())});
    const std::map<std::string, mode_t> expected = {
        {"su", 04755}, {"chage", 02755}, {"tmp", 01777}, {"mail", 02775}};
    EXPECT_EQ(modes_in_initrd(image, expected), expected);

    const auto raw = folder() / "raw";
    tool({"qemu-img", "convert", "-O", "raw", image / "disk.qcow2", raw});
    for (const auto& [path, mode] : expected)
        EXPECT_THAT(tool({"debugfs", "-R", "stat " + path, raw}),
                    HasSubstr(fmt::format("Mode:  {:05o} ", mode)))
            << path;
}

TEST_F(image_command, package_scripts_that_cannot_run_here_are_refused_before_anything_is_fetched) {
    json recipe = {{"description", "test"},
                   {"suite", "trixie"},
                   {"architecture", "arm64"},
                   {"kernel", {{"from", write("kernel", "kernel")}}},
                   {"build_space", "1K"},
                   {"initrd", json::object()},
                   {"disk", {{"size", "8M"}, {"scripts", true}, {"packages", {"dpkg"}}}}};
    for (const auto* const place : {"user", "guest"}) {
        const auto for_another =
            call({"image", "build", write("mine.json", recipe.dump()), "--scripts", place});
        EXPECT_EQ(for_another.status, (exit_status{false, 4}));
        EXPECT_THAT(for_another.errors, HasSubstr("for riscv64 only"));
    }

    recipe["architecture"] = "riscv64";
    const auto file = write("mine.json", recipe.dump());
    if (!run_program({"/usr/bin/unshare", "-Ur", "true"}, folder()).status.clean())
        GTEST_SKIP() << "this host refuses user namespaces";
    const auto of_one_user = run_program(
        {"/usr/bin/unshare", "-Ur", QHARNESS_PROGRAM, "image", "build", file, "--scripts", "user"},
        folder(), variables);
    EXPECT_EQ(of_one_user.status, (exit_status{false, 4}));
    EXPECT_THAT(of_one_user.errors, HasSubstr("unshare --map-auto --map-root-user"));
    EXPECT_THAT(of_one_user.errors, HasSubstr("--scripts guest"));
    EXPECT_FALSE(fs::exists(cache() / "apt"));
}

TEST_F(image_command, a_full_disk_leaves_the_cache_sound_wherever_it_fills_up) {
    if (!run_program({"/usr/bin/unshare", "-Urm", "true"}, folder()).status.clean())
        GTEST_SKIP() << "this host refuses user namespaces";
    const auto base = tarball("a", noise(1'500'000));
    const web_server server([&](const auto&) { return all_of(base); });
    const json of_base = {{"from", server.address()}, {"sha256", sha256_hex(base)}};
    write_recipe("mine", of_base, {{"size", "8M"}, {"base", of_base}});
    // One filesystem that grows until the build fits, so that each try finds what the last one
    // left.
    write("try", R"x(set -eu
mkdir -p "$QHARNESS_CACHE_DIR"
mount -t tmpfs -o size=64k none "$QHARNESS_CACHE_DIR"
failures=0
for size in 400 800 1200 1600 2400 3200 4000 4800 5600 6400 7200 8000 9600 11200 12800 16000; do
    mount -o "remount,size=${size}k" none "$QHARNESS_CACHE_DIR"
    status=0
    "$1" image build mine.json >folder 2>errors || status=$?
    if [ "$status" = 0 ]; then break; fi
    failures=$((failures + 1))
    cat errors
    grep -q "No space left on device" errors || { echo "not told why"; exit 1; }
    [ "$status" = 6 ] || { echo "not a failure of the host: $status"; exit 1; }
    find "$QHARNESS_CACHE_DIR" -name 'building*' -o -name kernel | grep . && exit 1
done
echo "failures: $failures"
[ "$status" = 0 ]
cp -r "$(cat folder)" image
)x");
    const auto end = run_program({"/usr/bin/unshare", "-Urm", "/bin/sh", "try", QHARNESS_PROGRAM},
                                 folder(), variables, time_limit);
    EXPECT_TRUE(end.status.clean()) << end.output << end.errors;
    EXPECT_THAT(end.output, HasSubstr("failures: "));
    EXPECT_THAT(end.output, Not(HasSubstr("failures: 0")));
    // The same bytes as where there was room from the start.
    const auto with_room = build({folder() / "mine.json"});
    for (const char* const file : {"initrd", "disk.qcow2"})
        EXPECT_EQ(sha256_hex_of_file(folder() / "image" / file),
                  sha256_hex_of_file(with_room / file));
}

}  // namespace
}  // namespace qh::integration
