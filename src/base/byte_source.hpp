// Bytes that can be read from any place: a file's, or those of a text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace qh {

class byte_source {
  public:
    virtual ~byte_source() = default;
    virtual std::uint64_t size() const = 0;

    /// Fills `into` from `offset` on. Throws an infrastructure error where the bytes cannot be
    /// had; asking for what is behind the end is the caller's mistake.
    virtual void read(std::uint64_t offset, std::span<char> into) const = 0;
};

/// The text must outlive it.
class text_source : public byte_source {
  public:
    explicit text_source(std::string_view text) : text_(text) {}
    std::uint64_t size() const override { return text_.size(); }
    void read(std::uint64_t offset, std::span<char> into) const override;

  private:
    std::string_view text_;
};

/// A file that is open; `name` is for errors. Both must outlive it.
class file_source : public byte_source {
  public:
    file_source(int fd, std::uint64_t size, const std::string& name)
        : fd_(fd), size_(size), name_(name) {}
    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t offset, std::span<char> into) const override;

  private:
    int fd_;
    std::uint64_t size_;
    const std::string& name_;
};

}  // namespace qh
