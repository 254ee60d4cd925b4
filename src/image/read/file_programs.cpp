#include "image/read/file_programs.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "image/read/tree_parts.hpp"
#include "image/read/unpacked_stream.hpp"
#include "riscv/elf_file.hpp"

namespace qh {
namespace {

constexpr std::string_view archive_magic = "!<arch>\n";
constexpr std::size_t member_header_bytes = 60;
constexpr std::size_t most_members = 200'000;
constexpr std::uint64_t longest_names = 16u << 20;
/// Two are unpacked at a time, in memory.
constexpr std::uint64_t most_module_bytes = 64u << 20;

/// A kernel module's name without what tells its compression; empty for all others.
std::string_view module_in(std::string_view path) {
    const auto name = path.substr(path.rfind('/') + 1);
    for (const std::string_view ending : {".xz", ".zst", ".gz"})
        if (name.ends_with(ending) && name.substr(0, name.size() - ending.size()).ends_with(".ko"))
            return name.substr(0, name.size() - ending.size());
    return {};
}

class part_of_file : public byte_source {
  public:
    part_of_file(const byte_source& whole, std::uint64_t begin, std::uint64_t size)
        : whole_(whole), begin_(begin), size_(size) {}
    std::uint64_t size() const override { return size_; }
    void read(std::uint64_t offset, std::span<char> into) const override {
        whole_.read(begin_ + offset, into);
    }

  private:
    const byte_source& whole_;
    std::uint64_t begin_, size_;
};

std::string read_text(const byte_source& file, std::uint64_t at, std::uint64_t size) {
    std::string text(std::min(size, file.size() - std::min(at, file.size())), '\0');
    file.read(at, text);
    return text;
}

std::uint64_t decimal(std::string_view text) {
    text = trim(text);
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size())
        throw usage_error("a member's header is broken");
    return number;
}

/// The members of an archive of objects, in GNU's form and BSD's.
class object_archive {
  public:
    object_archive(const std::string& path, const byte_source& file, const tree_visitor& visit)
        : path_(path), file_(file), visit_(visit) {}

    void read() {
        std::size_t members = 0;
        for (std::uint64_t at = archive_magic.size(); at < file_.size();) {
            if (++members > most_members) throw usage_error("it has too many members");
            const auto header = read_text(file_, at, member_header_bytes);
            if (header.size() < member_header_bytes || !header.ends_with("`\n"))
                throw usage_error("a member's header is broken");
            at += member_header_bytes;
            const auto size = decimal(std::string_view(header).substr(48, 10));
            if (size > file_.size() - at) throw usage_error("a member is longer than the file");
            read_member(trim(std::string_view(header).substr(0, 16)), at, size);
            at += size + size % 2;
        }
    }

  private:
    void read_member(std::string_view name, std::uint64_t at, std::uint64_t size) {
        if (name == "debian-binary")
            throw usage_error("it is a Debian package; unpack it first: dpkg -x");
        if (name == "//") long_names_ = read_text(file_, at, std::min(size, longest_names));
        auto full = std::string(name);
        if (name.starts_with("#1/")) {
            const auto length = std::min(decimal(name.substr(3)), size);
            full = read_text(file_, at, std::min(length, longest_names));
            full.resize(std::min(full.find('\0'), full.size()));
            at += length;
            size -= length;
        } else if (name.size() > 1 && name[0] == '/' && name[1] >= '0' && name[1] <= '9') {
            const auto start = std::min<std::uint64_t>(decimal(name.substr(1)), long_names_.size());
            full = long_names_.substr(start, long_names_.find('\n', start) - start);
        }
        if (full.ends_with('/')) full.pop_back();
        if (size < least_program_bytes || !is_elf(read_text(file_, at, 4))) return;
        const part_of_file object(file_, at, size);
        visit_({fmt::format("{}({})", path_, unique(full)), &object, {}});
    }

    /// The same name may come twice.
    std::string unique(const std::string& name) {
        const auto count = ++names_[name];
        return count == 1 ? name : fmt::format("{}, {}", name, count);
    }

    const std::string& path_;
    const byte_source& file_;
    const tree_visitor& visit_;
    std::string long_names_;
    std::map<std::string, std::size_t> names_;
};

void visit_module(const std::string& path, const byte_source& content, const tree_visitor& visit) {
    unpacked_part part(content, 0);
    std::string bytes;
    std::string_view block;
    while (part.next(block)) {
        bytes += block;
        if (bytes.size() > most_module_bytes)
            throw usage_error("unpacked it has more than {}", format_size(most_module_bytes));
    }
    if (bytes.size() < least_program_bytes || !is_elf(bytes)) return;
    const text_source module(bytes);
    visit({fmt::format("{}({})", path, module_in(path)), &module, {}});
}

}  // namespace

bool may_hold_programs(std::string_view path, std::string_view beginning,
                       const tree_limits& limits) {
    return is_elf(beginning) ||
           (limits.looks_into_files && (beginning == archive_magic || !module_in(path).empty()));
}

std::string visit_programs(const std::string& path, const byte_source& content,
                           const tree_visitor& visit) {
    const auto beginning = read_text(content, 0, told_by_bytes);
    const bool is_program = is_elf(beginning);
    visit({path, is_program ? &content : nullptr, {}});
    if (is_program) return {};
    try {
        if (beginning == archive_magic)
            object_archive(path, content, visit).read();
        else if (!module_in(path).empty())
            visit_module(path, content, visit);
    } catch (const error& e) {
        if (e.kind() != fault::usage) throw;
        return fmt::format("not all of {} can be read: {}", printable(path), e.what());
    }
    return {};
}

}  // namespace qh
