// A file into the guest or out of it, over nothing but its shell.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/guest/command_channel.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// What a file is told by.
struct file_identity {
    std::uint64_t size_bytes = 0;
    std::string sha256;  ///< lower-case hexadecimal
};

/// Tells shell commands one after the other and hears each one's result, without I/O. Needs what
/// POSIX has of the guest, head's -c, and sha256sum.
class file_transfer {
  public:
    virtual ~file_transfer() = default;

    /// Only until `done()`.
    virtual std::string next_command() = 0;
    virtual void on_result(const channel_result& result) = 0;

    bool done() const { return done_ || !problem_.empty(); }

    /// Why the file did not arrive whole; empty where it did.
    const std::string& problem() const { return problem_; }

    /// What has arrived, once done.
    const file_identity& arrived() const { return arrived_; }

    /// What a download has brought.
    const std::string& content() const { return content_; }

  protected:
    bool done_ = false;
    std::string problem_;
    file_identity arrived_;
    std::string content_;
};

/// As the %b of printf takes it.
std::string printf_escaped(std::string_view bytes);

/// Copies from the disk that the machine has the file on; where there is none, types it, which is
/// for small files only. `to` is the path in the guest, whose folder is made. None of `secrets` is
/// typed in two commands.
std::unique_ptr<file_transfer> make_upload(const upload_step& step, const std::string& to,
                                           std::vector<std::string> secrets = {});

/// Has the guest print the file, encoded and in parts. What is appended to it meanwhile is left
/// out. At most 64 MiB.
std::unique_ptr<file_transfer> make_download(const std::string& from);

}  // namespace qh
