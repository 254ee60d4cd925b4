#include "image/package/deb.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "image/content/guest_path.hpp"
#include "image/content/unpacked_member.hpp"
#include "image/read/archive_handles.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_block_bytes = 1 << 18;
constexpr const char* data_member = "data.tar";
constexpr const char* control_member = "control.tar";

/// The outer archive, stopped at its member `name`.*: control.tar or data.tar.
archive_reader open_deb_member(const fs::path& deb, const std::string& name) {
    archive_reader outer(archive_read_new());
    archive_read_support_format_ar(outer.get());
    check_archive(archive_read_open_filename(outer.get(), deb.c_str(), read_block_bytes),
                  outer.get(), "cannot open");
    archive_entry* member = nullptr;
    while (next_member(outer.get(), &member, "cannot read"))
        if (member_name(member).starts_with(name + ".")) return outer;
    throw infrastructure_error("has no {} member", name);
}

la_ssize_t read_outer(archive* inner, void* outer, const void** block) {
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(static_cast<archive*>(outer), block, &size, &offset);
    if (status == ARCHIVE_EOF) return 0;
    if (status < ARCHIVE_WARN) {
        archive_set_error(inner, archive_errno(static_cast<archive*>(outer)), "%s",
                          archive_error_string(static_cast<archive*>(outer)));
        return -1;
    }
    return static_cast<la_ssize_t>(size);
}

archive_reader open_tar(archive* outer, const std::string& name) {
    archive_reader inner(archive_read_new());
    archive_read_support_format_tar(inner.get());
    archive_read_support_filter_xz(inner.get());
    archive_read_support_filter_zstd(inner.get());
    archive_read_support_filter_gzip(inner.get());
    check_archive(archive_read_open(inner.get(), outer, nullptr, read_outer, nullptr), inner.get(),
                  "cannot read " + name);
    return inner;
}

}  // namespace

std::time_t unpack_deb(const fs::path& deb, guest_tree& tree,
                       const std::function<bool(const std::string& path)>& wanted,
                       const std::atomic<bool>* stop) {
    return with_context("cannot unpack " + deb.string(), [&] {
        const auto outer = open_deb_member(deb, data_member);
        const auto inner = open_tar(outer.get(), data_member);
        std::time_t newest = 0;
        archive_entry* member = nullptr;
        while (next_member(inner.get(), &member, data_member)) {
            if (stop && stop->load()) throw error(fault::interrupted, "interrupted");
            const std::string path = guest_path(member_name(member));
            if (path.empty() || !wanted(path)) continue;
            unpack_member(inner.get(), member, tree, {path, guest_path});
            newest = std::max(newest, archive_entry_mtime(member));
        }
        return newest;
    });
}

std::vector<control_file> read_control_files(const fs::path& deb) {
    return with_context("cannot read " + deb.string(), [&] {
        const auto outer = open_deb_member(deb, control_member);
        const auto inner = open_tar(outer.get(), control_member);
        std::vector<control_file> files;
        archive_entry* member = nullptr;
        while (next_member(inner.get(), &member, control_member)) {
            if (archive_entry_filetype(member) != AE_IFREG) continue;
            auto& file = files.emplace_back(
                control_file{guest_path(member_name(member)), {}, archive_entry_perm(member)});
            std::string_view block;
            while (next_block(inner.get(), block, control_member)) file.content += block;
        }
        if (std::ranges::find(files, "control", &control_file::name) == files.end())
            throw infrastructure_error("has no control file");
        return files;
    });
}

}  // namespace qh
