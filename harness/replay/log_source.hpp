// A log file's bytes, whatever it is packed with.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace qh {

/// Unpacks gzip, zstd, xz, bzip2 and lz4 while it reads; memory does not grow with the file.
class log_source {
  public:
    /// Throws a usage error that names the file where it cannot be read.
    explicit log_source(const std::filesystem::path& file);
    ~log_source();

    /// The next bytes, valid until the next call; false at the end, or where the file cannot be
    /// read or unpacked any further, which `problem` tells.
    bool next(std::string_view& block);

    /// Empty where all could be read.
    const std::string& problem() const { return problem_; }

    /// What it is packed with, as "gzip"; empty: nothing.
    std::string packing() const;

  private:
    struct implementation;
    std::unique_ptr<implementation> self_;
    std::string problem_;
};

}  // namespace qh
