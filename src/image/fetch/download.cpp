#include "image/fetch/download.hpp"

#include <curl/curl.h>
#include <fcntl.h>

#include <array>
#include <memory>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/lock_file.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr long connect_timeout_s = 30;
/// A server that sends nothing for so long is gone.
constexpr long stall_timeout_s = 60;
constexpr long range_not_satisfiable = 416;
constexpr long most_redirections = 10;
constexpr curl_off_t most_bytes = curl_off_t(32) << 30;

struct curl_deleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// One transfer, appended to a file.
class transfer {
  public:
    transfer(const std::string& url, const fs::path& file, build_phases& phases)
        : phases_(phases),
          file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)),
          name_(file.string()),
          had_(fs::file_size(file)),
          curl_(curl_easy_init()) {
        if (!file_) throw infrastructure_error("cannot write {}: {}", name_, system_message(errno));
        set(CURLOPT_URL, url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, most_redirections);
        set(CURLOPT_FAILONERROR, 1L);
        set(CURLOPT_CONNECTTIMEOUT, connect_timeout_s);
        set(CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(CURLOPT_LOW_SPEED_TIME, stall_timeout_s);
        set(CURLOPT_MAXFILESIZE_LARGE, most_bytes);
        set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(had_));
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_ERRORBUFFER, words_.data());
        set(CURLOPT_WRITEFUNCTION, &transfer::on_bytes);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &transfer::on_progress);
        set(CURLOPT_XFERINFODATA, this);
    }

    CURLcode run() {
        const auto result = curl_easy_perform(curl_.get());
        if (problem_) std::rethrow_exception(problem_);
        throw_if_stopped(phases_.options());
        return result;
    }

    /// Whether the server cannot send the rest of what is there. curl takes such an answer for
    /// success, since all may be there.
    bool cannot_go_on(CURLcode result) const {
        long status = 0;
        curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
        return had_ != 0 && (result == CURLE_RANGE_ERROR || status == range_not_satisfiable);
    }

    std::string words(CURLcode result) const {
        return printable(words_[0] ? words_.data() : curl_easy_strerror(result));
    }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        const auto result = curl_easy_setopt(curl_.get(), option, value);
        if (result != CURLE_OK)
            throw infrastructure_error("curl refuses an option: {}", curl_easy_strerror(result));
    }

    /// Exceptions must not pass through curl.
    static std::size_t on_bytes(const char* bytes, std::size_t, std::size_t size, void* self) {
        auto& own = *static_cast<transfer*>(self);
        try {
            write_all(own.file_.get(), {bytes, size}, own.name_);
            return size;
        } catch (...) {
            own.problem_ = std::current_exception();
            return CURL_WRITEFUNC_ERROR;
        }
    }

    static int on_progress(void* self, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
        auto& own = *static_cast<transfer*>(self);
        const auto& options = own.phases_.options();
        if (options.stop && options.stop->load()) return 1;
        own.phases_.report({.phase = "download base",
                            .bytes = own.had_ + static_cast<std::uint64_t>(total ? total : done)});
        return 0;
    }

    build_phases& phases_;
    unique_fd file_;
    std::string name_;
    std::uint64_t had_;
    std::array<char, CURL_ERROR_SIZE> words_{};
    std::exception_ptr problem_;
    std::unique_ptr<CURL, curl_deleter> curl_;
};

void fetch(const std::string& url, const fs::path& part, build_phases& phases) {
    transfer rest(url, part, phases);
    auto result = rest.run();
    if (rest.cannot_go_on(result)) {
        fs::remove(part);
        transfer whole(url, part, phases);
        result = whole.run();
        if (result != CURLE_OK) throw infrastructure_error("{}", whole.words(result));
    } else if (result != CURLE_OK) {
        throw infrastructure_error("{} (what has come stays in {} and is continued)",
                                   rest.words(result), part.string());
    }
}

}  // namespace

bool is_web_address(const std::string& text) {
    return text.starts_with("http://") || text.starts_with("https://");
}

fs::path download(const web_file& wanted, const fs::path& folder, build_phases& phases) {
    return with_context("cannot download " + printable(wanted.url), [&] {
        const fs::path file = folder / wanted.sha256;
        const auto turn = lock_file(
            file.string() + ".lock", [&] { phases.report({.phase = "wait"}); },
            phases.options().stop);
        if (fs::exists(file)) return file;
        if (phases.options().offline)
            throw infrastructure_error(
                "it was not downloaded before, and --offline forbids it now");
        const fs::path part = file.string() + ".part";
        phases.run("download base", [&] { fetch(wanted.url, part, phases); });
        const auto sum = sha256_hex_of_file(part);
        if (sum != wanted.sha256) {
            fs::remove(part);
            throw infrastructure_error("its SHA-256 is {} and should be {}", sum, wanted.sha256);
        }
        fs::rename(part, file);
        return file;
    });
}

}  // namespace qh
