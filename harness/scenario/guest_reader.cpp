#include "scenario/guest_reader.hpp"

#include <re2/re2.h>

#include "base/digest.hpp"
#include "base/files.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// What may be typed into a guest that cannot read disks.
constexpr std::uint64_t largest_typed = 256u << 10;

/// Such a text would be typed as more than one line.
void refuse_line_breaks(const object_reader& reader, const std::string& key,
                        const std::string& text) {
    if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
        throw reader.problem(key, fmt::format("\"{}\" is one line", key));
}

void read_source(object_reader& upload, const fs::path& folder, upload_step& step) {
    const fs::path from = upload.text("from");
    step.source = fs::absolute(folder / from);
    std::error_code failure;
    // What --set names is where the user is.
    if (!fs::is_regular_file(step.source, failure) && fs::is_regular_file(from, failure))
        step.source = fs::absolute(from);
    if (!fs::is_regular_file(step.source, failure)) {
        step.unusable = fmt::format("there is no file {}", step.source.string());
        return;
    }
    step.size_bytes = fs::file_size(step.source);
    try {
        if (step.size_bytes <= largest_typed) step.content = read_file(step.source, largest_typed);
        step.sha256 = sha256_hex_of_file(step.source);
    } catch (const error& e) {
        throw upload.problem("from", e.what());
    }
}

std::string read_guest_path(object_reader& reader, const std::string& key) {
    auto path = reader.text(key);
    refuse_line_breaks(reader, key, path);
    if (path.empty() || path.ends_with('/'))
        throw reader.problem(key, fmt::format("\"{}\" is a file's path in the guest", key));
    return path;
}

}  // namespace

login_step read_login(const json_document& document, object_reader& step) {
    login_step login;
    if (step.value("login").is_string()) {
        login.user = step.text("login");
        refuse_line_breaks(step, "login", login.user);
    } else {
        object_reader reader(document, step.path_of("login"), "\"login\"");
        problem_list problems;
        problems.attempt([&] { login.user = reader.text("user"); });
        problems.attempt([&] { login.password = reader.text("password", ""); });
        problems.attempt([&] { refuse_line_breaks(reader, "user", login.user); });
        problems.attempt([&] { refuse_line_breaks(reader, "password", login.password); });
        reader.finish(problems);
        problems.throw_all();
    }
    if (login.user.empty()) throw step.problem("login", "a login needs a user");
    return login;
}

upload_step read_upload(json_document& document, object_reader& step, const fs::path& folder) {
    static const re2::RE2 octal("[0-7]{3,4}");
    upload_step upload;
    object_reader reader(document, step.path_of("upload"), "\"upload\"");
    problem_list problems;
    problems.attempt([&] { upload.to = read_guest_path(reader, "to"); });
    problems.attempt([&] {
        upload.mode = reader.text("mode", "0644");
        if (!re2::RE2::FullMatch(upload.mode, octal))
            throw reader.problem("mode", "expected a mode in octal digits, as in \"0755\"");
    });
    problems.attempt([&] {
        if (reader.has("text") == reader.has("from"))
            throw reader.problem("expected one of \"from\" and \"text\"");
        if (!reader.has("text")) return read_source(reader, folder, upload);
        upload.content = reader.text("text");
        upload.size_bytes = upload.content.size();
        upload.sha256 = sha256_hex(upload.content);
    });
    problems.attempt([&] {
        const auto expected = reader.text("sha256", upload.sha256);
        if (!upload.sha256.empty() && expected != upload.sha256)
            throw reader.problem("sha256",
                                 fmt::format("the file has the SHA-256 {}", upload.sha256));
    });
    reader.finish(problems);
    problems.throw_all();
    auto& resolved = document.mutable_root().at(step.path_of("upload"));
    if (!upload.source.empty()) resolved["from"] = upload.source.string();
    if (upload.unusable.empty()) resolved["sha256"] = upload.sha256;
    return upload;
}

download_step read_download(const json_document& document, object_reader& step) {
    download_step download;
    if (step.value("download").is_string()) {
        download.from = read_guest_path(step, "download");
    } else {
        object_reader reader(document, step.path_of("download"), "\"download\"");
        problem_list problems;
        problems.attempt([&] { download.from = read_guest_path(reader, "from"); });
        problems.attempt([&] {
            download.name = reader.text("to", "");
            if (download.name.find('/') != std::string::npos)
                throw reader.problem("to",
                                     "\"to\" is a name in the run directory's files/, not a path");
        });
        reader.finish(problems);
        problems.throw_all();
    }
    if (download.name.empty()) download.name = fs::path(download.from).filename().string();
    return download;
}

}  // namespace qh
