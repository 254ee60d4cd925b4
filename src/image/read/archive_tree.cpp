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
#include "image/read/file_programs.hpp"
#include "image/read/tree_parts.hpp"
#include "image/read/unpacked_stream.hpp"

namespace qh {
namespace {

constexpr std::size_t block_bytes = 1u << 18;
constexpr std::uint64_t most_program_bytes = 2ull << 30;
constexpr std::size_t longest_path = 4096;

void check(int status, archive* reader, const std::string& what) {
    blaming_the_file([&] { check_archive(status, reader, what); });
}

bool next_entry(archive* reader, archive_entry** entry, const std::string& what) {
    return blaming_the_file([&] { return next_member(reader, entry, what); });
}

std::string name_of(archive_entry* entry) {
    return blaming_the_file([&] { return member_name(entry); });
}

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
        unpacked_stream bytes(part, total_, limits_.unpacked_bytes);
        for (bool is_first = true; bytes.skip_zeros() && !is_tar_; is_first = false) {
            // Behind an archive that is not compressed, one that is may follow.
            if (!is_first && !part.is_compressed() && !bytes.starts_with("0707"))
                return begin + bytes.position();
            read_archive(bytes, part.is_compressed() ? part.filter() : "");
        }
        // Whatever libarchive counts, the next part is another one.
        return part.is_compressed() ? std::max(part.raw_end(), begin + 1) : file_.size();
    }

    void read_archive(unpacked_stream& bytes, const std::string& filter) {
        const archive_reader reader(archive_read_new());
        archive_read_support_format_cpio(reader.get());
        if (archives_ == 0) archive_read_support_format_tar(reader.get());
        bytes.open(reader.get());
        archive_entry* entry = nullptr;
        std::string last = "its first member";
        const auto go_on = [&] {
            const auto what = "cannot read what follows " + last;
            if (entry) check(archive_read_data_skip(reader.get()), reader.get(), what);
            return bytes.within_a_header([&] { return next_entry(reader.get(), &entry, what); });
        };
        while (go_on()) {
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
        while (beginning.size() < told_by_bytes &&
               blaming_the_file([&] { return next_block(reader, block, path); }))
            beginning += block;
        if (!may_hold_programs(path, std::string_view(beginning).substr(0, told_by_bytes), limits_))
            return visit_({path, nullptr, {}});
        const auto content = copy_content(reader, beginning, path);
        if (!content) return visit_({path, nullptr, {}});
        notes_.add(visit_programs(path, file_source(fileno(content.get()), size_, path), visit_));
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

tree_summary read_archive_tree(const byte_source& file, const tree_visitor& visit,
                               const tree_limits& limits) {
    return archive_tree(file, visit, limits).read();
}

}  // namespace qh
