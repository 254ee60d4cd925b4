// Archives as trees: tar and cpio, of which an initramfs may have several.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "image/archive_handles.hpp"
#include "image/compressed_end.hpp"
#include "image/tree_parts.hpp"
#include "riscv/elf_file.hpp"

namespace qh {
namespace {

constexpr std::size_t block_bytes = 1u << 18;
constexpr std::uint64_t most_program_bytes = 2ull << 30;
constexpr std::size_t longest_path = 4096;

/// What libarchive says against an archive is the file's fault, not the host's.
template <typename Work>
decltype(auto) blaming_the_file(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const error& e) {
        throw usage_error("{}", printable(e.what()));
    }
}

void check(int status, archive* reader, const std::string& what) {
    blaming_the_file([&] { check_archive(status, reader, what); });
}

bool next_entry(archive* reader, archive_entry** entry, const std::string& what) {
    return blaming_the_file([&] { return next_member(reader, entry, what); });
}

std::string name_of(archive_entry* entry) {
    return blaming_the_file([&] { return member_name(entry); });
}

/// What a part of the file is decompressed to.
class unpacked_part {
  public:
    unpacked_part(const byte_source& file, std::uint64_t begin)
        : file_(file), at_(begin), begin_(begin), end_(compressed_end(file, begin)) {
        for (const auto support :
             {archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
              archive_read_support_filter_xz, archive_read_support_filter_lzma,
              archive_read_support_filter_zstd, archive_read_support_filter_lz4,
              archive_read_support_format_raw, archive_read_support_format_empty})
            support(reader_.get());
        check(archive_read_open(reader_.get(), this, nullptr, read_raw, nullptr), reader_.get(),
              "cannot unpack it");
        archive_entry* whole = nullptr;
        has_data_ = next_entry(reader_.get(), &whole, "cannot unpack it");
    }

    bool is_compressed() const {
        return archive_filter_code(reader_.get(), 0) != ARCHIVE_FILTER_NONE;
    }
    const char* filter() const { return archive_filter_name(reader_.get(), 0); }

    /// False at the end. The block is valid until the next call.
    bool next(std::string_view& block) {
        return has_data_ && blaming_the_file([&] {
                   return next_block(reader_.get(), block, "cannot unpack it");
               });
    }

    /// Where the compressed data ended that were read.
    std::uint64_t raw_end() const {
        return begin_ + static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
    }

  private:
    static la_ssize_t read_raw(archive* reader, void* self, const void** block) {
        auto& part = *static_cast<unpacked_part*>(self);
        part.buffer_.resize(std::min<std::uint64_t>(block_bytes, part.end_ - part.at_));
        try {
            part.file_.read(part.at_, part.buffer_);
        } catch (const error& e) {
            archive_set_error(reader, EIO, "%s", e.what());
            return -1;
        }
        part.at_ += part.buffer_.size();
        *block = part.buffer_.data();
        return static_cast<la_ssize_t>(part.buffer_.size());
    }

    const byte_source& file_;
    std::uint64_t at_, begin_, end_;
    std::vector<char> buffer_;
    archive_reader reader_{archive_read_new()};
    bool has_data_ = false;
};

/// The unpacked bytes, of which an archive takes as many as it needs and leaves the rest to the
/// next one.
class byte_stream {
  public:
    byte_stream(unpacked_part& part, std::uint64_t& total, std::uint64_t most)
        : part_(part), total_(total), most_(most) {}

    /// How many bytes were taken.
    std::uint64_t position() const { return given_ - rest().size(); }

    /// False where nothing but zeros follows: they pad archives.
    bool skip_zeros() {
        for (;;) {
            const auto zeros = std::min(rest().find_first_not_of('\0'), rest().size());
            taken_ += zeros;
            if (!rest().empty()) return true;
            if (!fetch()) return false;
        }
    }

    bool starts_with(std::string_view text) {
        while (rest().size() < text.size() && fetch()) {
        }
        return rest().starts_with(text);
    }

    void open(archive* reader) {
        reader_ = reader;
        base_ = position();
        is_first_ = true;
        check(archive_read_open(reader, this, nullptr, give, nullptr), reader, "it is no archive");
    }

    /// To be called before `reader` goes: what it has read but not used is the next one's.
    void close() {
        take_used();
        reader_ = nullptr;
    }

  private:
    std::string_view rest() const { return std::string_view(window_).substr(taken_); }

    bool fetch() {
        std::string_view block;
        if (!part_.next(block)) return false;
        total_ += block.size();
        if (total_ > most_) throw usage_error("unpacked it has more than {}", format_size(most_));
        window_.erase(0, std::exchange(taken_, 0));
        window_ += block;
        given_ += block.size();
        return true;
    }

    void take_used() {
        const auto used = base_ + static_cast<std::uint64_t>(archive_filter_bytes(reader_, 0));
        taken_ += used - position();
    }

    static la_ssize_t give(archive* reader, void* self, const void** block) {
        auto& stream = *static_cast<byte_stream*>(self);
        try {
            std::size_t before = 0;
            if (!std::exchange(stream.is_first_, false) || stream.rest().empty()) {
                stream.take_used();
                before = stream.rest().size();
                if (!stream.fetch()) return 0;
            }
            const auto fresh = stream.rest().substr(before);
            *block = fresh.data();
            return static_cast<la_ssize_t>(fresh.size());
        } catch (const error& e) {
            archive_set_error(reader, EINVAL, "%s", e.what());
            return -1;
        }
    }

    unpacked_part& part_;
    std::uint64_t& total_;
    std::uint64_t most_;
    std::string window_;       ///< what was fetched and not yet forgotten
    std::size_t taken_ = 0;    ///< of the window
    std::uint64_t given_ = 0;  ///< bytes fetched in all
    archive* reader_ = nullptr;
    std::uint64_t base_ = 0;  ///< where the reader began
    bool is_first_ = false;
};

class archive_tree {
  public:
    archive_tree(const byte_source& file, const tree_visitor& visit, const tree_limits& limits)
        : file_(file), visit_(visit), limits_(limits) {}

    tree_summary read() {
        for (std::uint64_t at = 0; (at = after_zeros(at)) < file_.size();) {
            const auto archives = archives_, members = members_;
            try {
                at = read_part(at);
            } catch (const error& e) {
                // What is no archive ends an initramfs; the kernel, too, keeps what came before.
                const bool is_junk = e.kind() == fault::usage && archives_ == archives &&
                                     members_ == members && total_ <= limits_.unpacked_bytes;
                if (archives_ == 0 || !is_junk) throw;
                notes_.add(fmt::format("from byte {} on it is no archive: {}", at, e.what()));
                break;
            }
            if (is_tar_) break;
        }
        if (archives_ == 0) throw usage_error("it is empty");
        summary_.kind = archives_ == 1 ? fmt::format("{} archive", kind_)
                                       : fmt::format("initramfs of {} archives", archives_);
        notes_.finish();
        return std::move(summary_);
    }

  private:
    std::uint64_t after_zeros(std::uint64_t at) const {
        std::vector<char> bytes;
        while (at < file_.size()) {
            bytes.resize(std::min<std::uint64_t>(block_bytes, file_.size() - at));
            file_.read(at, bytes);
            const auto other = std::ranges::find_if(bytes, [](char c) { return c != 0; });
            at += static_cast<std::uint64_t>(other - bytes.begin());
            if (other != bytes.end()) break;
        }
        return at;
    }

    /// Returns where the next part may begin.
    std::uint64_t read_part(std::uint64_t begin) {
        unpacked_part part(file_, begin);
        byte_stream bytes(part, total_, limits_.unpacked_bytes);
        for (bool is_first = true; bytes.skip_zeros() && !is_tar_; is_first = false) {
            // Behind an archive that is not compressed, one that is may follow.
            if (!is_first && !part.is_compressed() && !bytes.starts_with("0707"))
                return begin + bytes.position();
            read_archive(bytes, part.is_compressed() ? part.filter() : "");
        }
        return part.is_compressed() ? part.raw_end() : file_.size();
    }

    void read_archive(byte_stream& bytes, const std::string& filter) {
        const archive_reader reader(archive_read_new());
        archive_read_support_format_cpio(reader.get());
        if (archives_ == 0) archive_read_support_format_tar(reader.get());
        bytes.open(reader.get());
        archive_entry* entry = nullptr;
        std::string last = "its first member";
        while (next_entry(reader.get(), &entry, "cannot read what follows " + last)) {
            last = name_of(entry).substr(0, longest_path);
            read_member(reader.get(), entry);
        }
        if (archives_ == 0) note_format(reader.get(), filter);
        bytes.close();
        ++archives_;
    }

    void note_format(archive* reader, const std::string& filter) {
        is_tar_ = (archive_format(reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
        kind_ = fmt::format("{}{}{}", filter, filter.empty() ? "" : " ", is_tar_ ? "tar" : "cpio");
    }

    void read_member(archive* reader, archive_entry* entry) {
        if (++members_ > limits_.files)
            throw usage_error("there are more than {} files in it", limits_.files);
        const auto name = name_of(entry);
        if (name.size() > longest_path)
            return notes_.add(fmt::format("left out a path of {} bytes", name.size()));
        if (("/" + name + "/").find("/../") != std::string::npos)
            notes_.add(fmt::format("the path {} leads out of the tree", printable(name)));
        const auto path = tree_path(name);
        const mode_t mode = archive_entry_filetype(entry);
        if (mode == AE_IFLNK) {
            const char* const target = archive_entry_symlink(entry);
            return visit_({path, nullptr, target ? target : ""});
        }
        if (mode == AE_IFREG || archive_entry_hardlink(entry)) read_file(reader, entry, path);
    }

    void read_file(archive* reader, archive_entry* entry, const std::string& path) {
        ++summary_.files;
        const char* const first_name = archive_entry_hardlink(entry);
        // newc has the content with the last of the names.
        if (first_name && archive_entry_size(entry) == 0)
            return visit_({path, nullptr, fmt::format("/{}", first_name)});
        std::string beginning;
        std::string_view block;
        while (beginning.size() < 4 &&
               blaming_the_file([&] { return next_block(reader, block, path); }))
            beginning += block;
        if (!is_elf(beginning)) return visit_({path, nullptr, {}});
        const auto content = copy_content(reader, beginning, path);
        if (!content) return visit_({path, nullptr, {}});
        const file_source program(fileno(content.get()), size_, path);
        visit_({path, &program, {}});
    }

    struct file_closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    using temporary_file = std::unique_ptr<std::FILE, file_closer>;

    /// The member's content in a file without a name, its size in size_; null where it is too
    /// large.
    temporary_file copy_content(archive* reader, std::string_view beginning,
                                const std::string& path) {
        temporary_file content(std::tmpfile());
        if (!content)
            throw infrastructure_error("cannot make a temporary file: {}", system_message(errno));
        write_all(fileno(content.get()), beginning, "a temporary file");
        size_ = beginning.size();
        const void* bytes = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        for (;;) {
            const int status = archive_read_data_block(reader, &bytes, &size, &offset);
            if (status == ARCHIVE_EOF) return content;
            check(status, reader, path);
            // Holes of sparse files are left out of the blocks.
            if (offset < 0 || static_cast<std::uint64_t>(offset) + size > most_program_bytes) break;
            size_ = std::max(size_, static_cast<std::uint64_t>(offset) + size);
            if (::pwrite(fileno(content.get()), bytes, size, offset) != static_cast<ssize_t>(size))
                throw infrastructure_error("cannot write a temporary file: {}",
                                           system_message(errno));
        }
        notes_.add(fmt::format("left out {}, which is larger than {}", printable(path),
                               format_size(most_program_bytes)));
        return nullptr;
    }

    const byte_source& file_;
    const tree_visitor& visit_;
    const tree_limits& limits_;
    tree_summary summary_;
    note_list notes_{summary_};
    std::string kind_;  ///< of the first archive
    bool is_tar_ = false;
    std::uint64_t archives_ = 0, members_ = 0, total_ = 0, size_ = 0;
};

}  // namespace

tree_summary read_archive_tree(int fd, std::uint64_t size, const std::string& name,
                               const tree_visitor& visit, const tree_limits& limits) {
    const file_source file(fd, size, name);
    return archive_tree(file, visit, limits).read();
}

}  // namespace qh
