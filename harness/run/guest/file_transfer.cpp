#include "run/guest/file_transfer.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "run/guest/exit_text.hpp"

namespace qh {
namespace {

constexpr std::size_t typed_part = 8 * 1024;
constexpr std::size_t printed_part = 128 * 1024;
constexpr std::uint64_t largest_download = 64u << 20;

/// The end of an output as a failure's reason.
std::string words_of(const channel_result& result) {
    if (!result.problem.empty()) return result.problem;
    const auto said = printable(last_lines(trim(result.output), 2));
    return said.empty() ? status_text(result.status) : said;
}

/// Shell text that prints the size of the file `$f` and, of that many bytes, the digest.
constexpr const char* print_identity =
    "s=$(($(wc -c <\"$f\")));echo \"$s\";head -c \"$s\" \"$f\"|sha256sum";

std::optional<file_identity> read_identity(const std::string& output) {
    const auto lines = split_lines(output);
    if (lines.size() < 2) return std::nullopt;
    file_identity identity;
    const auto size = trim(lines[0]);
    const auto [rest, failure] =
        std::from_chars(size.data(), size.data() + size.size(), identity.size_bytes);
    identity.sha256 = lines[1].substr(0, lines[1].find(' '));
    constexpr std::size_t digits = 64;
    if (failure != std::errc() || rest != size.data() + size.size() ||
        identity.sha256.size() != digits)
        return std::nullopt;
    return identity;
}

class upload final : public file_transfer {
  public:
    upload(const upload_step& step, const std::string& to, std::vector<std::string> secrets)
        : step_(step),
          to_(shell_quote(to)),
          secrets_(std::move(secrets)),
          at_(step.serial.empty() ? phase::typing : phase::disk) {
        if (at_ == phase::typing) check_size("the machine has no room for another disk");
    }

    std::string next_command() override {
        switch (at_) {
            case phase::disk:
                return fmt::format(
                    "n=;for d in /sys/block/vd*;do s=;read -r s <\"$d/serial\";[ \"$s\" = {} ]&&"
                    "n=/dev/${{d##*/}};done 2>/dev/null;{}[ \"$n\" ]&&head -c {} \"$n\" >\"$f\"",
                    step_.serial, target(), step_.size_bytes);
            case phase::typing: {
                const auto part = step_.content.substr(typed_, part_end() - typed_);
                return fmt::format("{}printf '%b' {} {}\"$f\"", target(),
                                   shell_quote(printf_escaped(part)), typed_ == 0 ? ">" : ">>");
            }
            case phase::checking:
                return fmt::format("{}chmod {} \"$f\"&&{{ {};}}", target(), step_.mode,
                                   print_identity);
        }
        return {};
    }

    void on_result(const channel_result& result) override {
        const bool worked = result.status == 0 && result.problem.empty();
        if (at_ == phase::checking) return check(result, worked);
        if (at_ == phase::disk) {
            at_ = worked ? phase::checking : phase::typing;
            if (!worked) check_size("the guest cannot read the file's disk: " + words_of(result));
            return;
        }
        if (!worked) problem_ = words_of(result);
        typed_ = part_end();
        if (typed_ >= step_.content.size()) at_ = phase::checking;
    }

  private:
    enum class phase { disk, typing, checking };

    std::string target() const {
        return fmt::format("f={};case $f in */*)mkdir -p \"${{f%/*}}/\";;esac&&", to_);
    }

    /// Where the part ends that is typed next. Nobody could know two halves of a secret as one.
    std::size_t part_end() const {
        const auto& content = step_.content;
        auto end = std::min(typed_ + typed_part, content.size());
        for (std::size_t before = 0; std::exchange(before, end) != end;)
            for (const auto& secret : secrets_)
                for (auto at = content.find(secret, typed_); at < end;
                     at = content.find(secret, at + 1))
                    end = std::max(end, at + secret.size());
        return end;
    }

    void check_size(const std::string& why_no_disk) {
        if (step_.size_bytes != step_.content.size())
            problem_ = fmt::format("{}; and {} are too much to be typed", why_no_disk,
                                   format_size(step_.size_bytes));
    }

    void check(const channel_result& result, bool worked) {
        const auto found = read_identity(result.output);
        if (!worked || !found)
            problem_ = "cannot verify what arrived: " + words_of(result);
        else if (found->size_bytes != step_.size_bytes || found->sha256 != step_.sha256)
            problem_ =
                fmt::format("{} of {} bytes arrived, with SHA-256 {} where it is {}",
                            found->size_bytes, step_.size_bytes, found->sha256, step_.sha256);
        arrived_ = found.value_or(file_identity());
        done_ = true;
    }

    const upload_step& step_;
    std::string to_;
    std::vector<std::string> secrets_;
    phase at_;
    std::size_t typed_ = 0;
};

class download final : public file_transfer {
  public:
    explicit download(const std::string& from) : from_(from) {}

    std::string next_command() override {
        const auto file = "f=" + shell_quote(from_) + ";";
        if (!asked_)
            return file + "if [ -f \"$f\" ];then " + print_identity +
                   ";command -v base64;else echo \"there is no file $f\";exit 1;fi";
        // Long writes: each line by itself costs the guest a trip to its console.
        return fmt::format("{}dd if=\"$f\" bs={} skip={} count=1 2>/dev/null|{}", file,
                           printed_part, content_.size() / printed_part,
                           has_base64_ ? "base64|tr -d '\\n'" : "od -An -v -tx1");
    }

    void on_result(const channel_result& result) override {
        if (!std::exchange(asked_, true)) return begin(result);
        const auto part = has_base64_ ? base64_decoded(result.output) : hex_decoded(result.output);
        if (result.status != 0 || !part || part->empty()) {
            problem_ = "cannot read the file in the guest: " + words_of(result);
            return;
        }
        content_ += *part;
        if (content_.size() >= arrived_.size_bytes) check();
    }

  private:
    void begin(const channel_result& result) {
        const auto found = read_identity(result.output);
        if (result.status == 1 || !found) {
            problem_ = words_of(result);
            return;
        }
        arrived_ = *found;
        has_base64_ = split_lines(result.output).size() > 2;
        if (arrived_.size_bytes > largest_download)
            problem_ = fmt::format("the file has {}, a download at most {}",
                                   format_size(arrived_.size_bytes), format_size(largest_download));
        if (arrived_.size_bytes == 0) check();
    }

    void check() {
        content_.resize(arrived_.size_bytes);
        const auto digest = sha256_hex(content_);
        if (digest != arrived_.sha256)
            problem_ = fmt::format("the file came with SHA-256 {} where the guest has {}", digest,
                                   arrived_.sha256);
        done_ = true;
    }

    std::string from_;
    bool asked_ = false, has_base64_ = false;
};

}  // namespace

std::string printf_escaped(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\\')
            text += "\\\\";
        else if (byte < 0x20 || byte > 0x7E)
            text += fmt::format("\\0{:03o}", byte);
        else
            text += c;
    }
    return text;
}

std::unique_ptr<file_transfer> make_upload(const upload_step& step, const std::string& to,
                                           std::vector<std::string> secrets) {
    return std::make_unique<upload>(step, to, std::move(secrets));
}

std::unique_ptr<file_transfer> make_download(const std::string& from) {
    return std::make_unique<download>(from);
}

}  // namespace qh
