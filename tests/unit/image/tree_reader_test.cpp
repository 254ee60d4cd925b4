#include "image/read/tree_reader.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <map>
#include <mutex>

#include "process/tool.hpp"
#include "support/elf_bytes.hpp"
#include "support/errors.hpp"
#include "support/packed_bytes.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using test::elf_builder;
using test::fails_with;
using test::gz;
using test::message_of;
using test::packed;
using test::xz;
using test::zst;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

struct member {
    std::string name, content;
    unsigned mode = S_IFREG | 0755;
    std::size_t told_size = std::string::npos;  ///< where it lies of its size
};

/// cpio in the form "newc", as the kernel documents it (initramfs/buffer-format).
std::string cpio(std::vector<member> members) {
    members.push_back({"TRAILER!!!", "", 0, 0});
    std::string archive;
    const auto pad = [&] { archive.resize((archive.size() + 3) & ~std::size_t{3}); };
    unsigned inode = 0;
    for (const auto& one : members) {
        const auto size = std::min(
            one.told_size, one.told_size == std::string::npos ? one.content.size() : one.told_size);
        archive += "070701";
        for (const std::size_t field :
             {std::size_t{++inode}, std::size_t{one.mode}, std::size_t{0}, std::size_t{0},
              std::size_t{1}, std::size_t{0}, size, std::size_t{0}, std::size_t{0}, std::size_t{0},
              std::size_t{0}, one.name.size() + 1, std::size_t{0}})
            archive += fmt::format("{:08x}", field);
        archive.append(one.name).push_back('\0');
        pad();
        archive += one.content;
        pad();
    }
    return archive;
}

std::string program(char mark) {
    elf_builder file;
    file.code = std::string(3000, mark);
    return file.bytes();
}

class tree_reader : public test::in_temporary_folder {
  protected:
    /// Path → what is there: a program's mark, "file", or "-> target".
    std::map<std::string, std::string> read(const fs::path& path, const tree_limits& limits = {}) {
        std::map<std::string, std::string> found;
        std::mutex mutex;
        summary = read_tree(
            path, 2,
            [&](const tree_entry& entry) {
                std::string what = entry.link.empty() ? "file" : "-> " + entry.link;
                if (entry.program) {
                    what.resize(1);
                    entry.program->read(entry.program->size() / 2, what);
                }
                const std::lock_guard lock(mutex);
                found[entry.path] = what;
            },
            limits);
        return found;
    }

    std::map<std::string, std::string> read_bytes(std::string_view bytes) {
        return read(write("archive", bytes));
    }

    tree_summary summary;
};

const std::string zeros(512, '\0');

TEST_F(tree_reader, reads_a_folder_and_follows_no_link) {
    write("tree/usr/bin/a", program('a'));
    write("tree/b", program('b'));
    write("tree/text", std::string(100, 'x'));
    write("outside", program('o'));
    fs::create_symlink("/etc", folder() / "tree/etc");
    fs::create_symlink("../outside", folder() / "tree/out");
    ::mkfifo((folder() / "tree/fifo").c_str(), 0600);
    EXPECT_THAT(read(folder() / "tree"),
                ElementsAre(Pair("b", "b"), Pair("etc", "-> /etc"), Pair("out", "-> ../outside"),
                            Pair("usr/bin/a", "a")));
    EXPECT_EQ(summary.kind, "folder");
    EXPECT_EQ(summary.files, 3u);
    EXPECT_EQ(read((folder() / "tree").string() + "/").size(), 4u);
}

TEST_F(tree_reader, reads_one_elf_file) {
    EXPECT_THAT(read(write("init", program('i'))), ElementsAre(Pair("init", "i")));
}

/// One member of an archive of objects, as ar(5) lays it out.
std::string ar_member(const std::string& name, const std::string& content) {
    return fmt::format("{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", name, 0, 0, 0, 644, content.size()) +
           content + (content.size() % 2 ? "\n" : "");
}

/// In GNU's form, with a table of symbols, a long name, a name that comes twice, and a text.
std::string object_archive() {
    return "!<arch>\n" + ar_member("/", "symbols") + ar_member("//", "one-with-a-long-name.o/\n") +
           ar_member("a.o/", program('a')) + ar_member("/0", program('b')) +
           ar_member("a.o/", program('c')) + ar_member("text/", std::string(99, 'x'));
}

const std::map<std::string, std::string> objects = {{"lib.a", "file"},
                                                    {"lib.a(a.o)", "a"},
                                                    {"lib.a(one-with-a-long-name.o)", "b"},
                                                    {"lib.a(a.o, 2)", "c"}};

TEST_F(tree_reader, looks_into_archives_of_objects) {
    EXPECT_EQ(read_bytes(cpio({{"lib.a", object_archive()}})), objects);
    write("tree/lib.a", object_archive());
    EXPECT_EQ(read(folder() / "tree"), objects);
    EXPECT_EQ(read(folder() / "tree/lib.a"), objects);
    EXPECT_EQ(read(folder() / "tree", {.looks_into_files = false}).size(), 0u);
    const auto bsd =
        "!<arch>\n" + ar_member("#1/20", "long-name.o" + std::string(9, '\0') + program('d'));
    EXPECT_EQ(read_bytes(cpio({{"x", bsd}})).at("x(long-name.o)"), "d");
}

TEST_F(tree_reader, tells_what_of_an_archive_of_objects_is_broken) {
    const auto whole = object_archive();
    for (const auto& [bytes, words] :
         {std::pair(whole.substr(0, whole.size() - 50), "longer than the file"),
          {whole.substr(0, 20), "header is broken"},
          {whole + "?", "header is broken"},
          {"!<arch>\n" + ar_member("debian-binary", "2.0\n"), "dpkg -x"}}) {
        read_bytes(cpio({{"lib.a", bytes}}));
        EXPECT_THAT(summary.notes, ElementsAre(HasSubstr(words)));
    }
}

TEST_F(tree_reader, looks_into_compressed_kernel_modules) {
    const auto found = read_bytes(cpio({{"k/a.ko.xz", xz(program('a'))},
                                        {"k/b.ko.gz", gz(program('b'))},
                                        {"k/c.ko.zst", zst(program('c'))},
                                        {"k/text.xz", xz(program('d'))},
                                        {"k/broken.ko.xz", xz(program('e')).substr(0, 80)},
                                        {"k/bomb.ko.gz", gz(std::string(65u << 20, '\0'))}}));
    EXPECT_THAT(found,
                testing::IsSupersetOf({Pair("k/a.ko.xz(a.ko)", "a"), Pair("k/b.ko.gz(b.ko)", "b"),
                                       Pair("k/c.ko.zst(c.ko)", "c")}));
    EXPECT_EQ(found.size(), 9u);
    EXPECT_THAT(summary.notes, ElementsAre(HasSubstr("not all of k/broken.ko.xz"),
                                           HasSubstr("unpacked it has more than 67 MB")));
}

TEST_F(tree_reader, any_bytes_changed_in_an_archive_of_objects_do_no_harm) {
    const auto whole = object_archive();
    std::uint32_t state = 1;
    for (int round = 0; round < 500; ++round) {
        auto bytes = whole;
        for (int change = 0; change < 3; ++change) {
            state = state * 1664525 + 1013904223;
            bytes[8 + (state >> 8) % (bytes.size() - 8)] = static_cast<char>(state >> 24);
        }
        read(write("lib.a", bytes));
    }
}

TEST_F(tree_reader, reads_archives_of_all_compressions) {
    const auto archive = cpio({{"./bin/a", program('a')},
                               {"/script", "#!/bin/sh\n"},
                               {"sh", "bin/a", S_IFLNK | 0777},
                               {"dev/console", "", S_IFCHR | 0600}});
    for (const auto& bytes : {archive, gz(archive), xz(archive), zst(archive),
                              packed(archive, archive_write_add_filter_bzip2)}) {
        EXPECT_THAT(read_bytes(bytes), ElementsAre(Pair("bin/a", "a"), Pair("script", "file"),
                                                   Pair("sh", "-> bin/a")));
    }
    EXPECT_EQ(summary.kind, "bzip2 cpio archive");
}

// As the kernel takes them: microcode first, then the rest; padding between; later ones replace.
TEST_F(tree_reader, reads_all_archives_of_an_initramfs) {
    const auto a = cpio({{"a", program('a')}, {"init", program('1')}});
    const auto b = cpio({{"b", program('b')}, {"init", program('2')}});
    const auto c = cpio({{"c", program('c')}});
    const std::map<std::string, std::string> all = {
        {"a", "a"}, {"b", "b"}, {"c", "c"}, {"init", "2"}};
    for (const auto& bytes : {
             a + b + c,
             a + zeros + b + c + zeros,
             a + gz(b) + xz(c),
             zeros + a + zeros + gz(b + zeros + c),
             gz(a) + gz(b) + gz(c),
             gz(a) + zeros + gz(b) + c,
             xz(a) + gz(b) + zst(c),
             zst(a) + zeros + xz(b) + gz(c),
             xz(a) + xz(b) + zeros + c,
             zst(a) + zst(b) + c,
             gz(a + b) + a + gz(b + c),
         })
        EXPECT_EQ(read_bytes(bytes), all);
}

TEST_F(tree_reader, reads_what_comes_before_bytes_that_are_no_archive) {
    EXPECT_EQ(read_bytes(cpio({{"a", program('a')}}) + "junk that nobody packed").size(), 1u);
    EXPECT_THAT(summary.notes, ElementsAre(HasSubstr("it is no archive")));
    EXPECT_EQ(read_bytes(gz(cpio({{"a", program('a')}})) + "junk").size(), 1u);
}

TEST_F(tree_reader, a_path_that_leads_out_stays_in_the_tree_and_is_told) {
    const auto found = read_bytes(cpio({{"../../etc/x", program('x')},
                                        {"/a/../../b", program('b')},
                                        {"link", "/etc/passwd", S_IFLNK | 0777},
                                        {"link/c", program('c')}}));
    EXPECT_THAT(found, ElementsAre(Pair("b", "b"), Pair("etc/x", "x"),
                                   Pair("link", "-> /etc/passwd"), Pair("link/c", "c")));
    EXPECT_THAT(summary.notes,
                ElementsAre(HasSubstr("../../etc/x leads out"), HasSubstr("/a/../../b")));
}

TEST_F(tree_reader, an_archive_that_is_cut_is_the_callers_fault) {
    const auto archive = cpio({{"a", program('a')}, {"b", program('b')}});
    for (const auto& bytes :
         {archive.substr(0, 2000), archive.substr(0, archive.size() - 1000),
          gz(archive).substr(0, 60), xz(archive).substr(0, 100), zst(archive).substr(0, 60)})
        EXPECT_TRUE(fails_with(fault::usage, [&] { read_bytes(bytes); }));
    EXPECT_THAT(message_of([&] { read_bytes(archive.substr(0, archive.size() - 1000)); }),
                HasSubstr("b: it is cut or broken"));
}

TEST_F(tree_reader, any_bytes_changed_in_an_archive_do_no_harm) {
    const auto a = cpio({{"a", program('a')}, {"link", "a", S_IFLNK | 0777}});
    std::uint32_t state = 1;
    for (const auto& whole : {a + a, gz(a) + a, xz(a) + gz(a), zst(a) + a})
        for (int round = 0; round < 200; ++round) {
            auto bytes = whole;
            for (int change = 0; change < 3; ++change) {
                state = state * 1664525 + 1013904223;
                bytes[(state >> 8) % bytes.size()] = static_cast<char>(state >> 24);
            }
            try {
                read_bytes(bytes);
            } catch (const error& e) {
                EXPECT_EQ(e.kind(), fault::usage) << e.what();
            }
        }
}

TEST_F(tree_reader, a_size_that_is_a_lie_is_the_callers_fault) {
    EXPECT_TRUE(fails_with(fault::usage, [&] {
        read_bytes(cpio({{"a", program('a'), S_IFREG, 0xfffffff0}}));
    }));
}

TEST_F(tree_reader, a_name_that_would_fill_the_memory_is_the_callers_fault) {
    auto archive = cpio({{"a", "text"}, {"name", "text"}});
    const auto name_size_at = archive.find("070701", 6) + 6 + 11 * 8;
    archive.replace(name_size_at, 8, "C0000000");
    EXPECT_THAT(message_of([&] { read_bytes(gz(archive + std::string(64u << 20, 'x'))); }),
                HasSubstr("header is longer than 17 MB"));
}

TEST_F(tree_reader, what_is_no_tree_is_the_callers_fault) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "it is empty"},
        {std::string(10'000, '\0'), "it is empty"},
        {"just a text\n", "it is no archive"},
        {gz("just a text\n"), "it is no archive"},
        {std::string(510, 'x') + "\x55\xaa" + std::string(8, 'x'), "nor has it a partition"},
        {"QFI\xfb", "the qcow2 image is cut"},
        {xz(std::string(510, 'x') + "\x55\xaa"),
         "it is a disk with partitions packed with xz; unpack it, and give what comes out: xz -dc"},
        {"\x27\x05\x19\x56" + cpio({{"a", "text"}}), "U-Boot's legacy header of 64 bytes"},
        {gz(std::string(56, 'x') + "RSC\x05"),
         "a RISC-V kernel packed with gzip, and has no files"},
        {"hsqs" + std::string(600, 'x'), "unsquashfs -d"},
    };
    for (const auto& [bytes, words] : cases)
        EXPECT_THAT(message_of([&] { read_bytes(bytes); }), HasSubstr(words));
    EXPECT_THAT(message_of([&] { read(folder() / "absent"); }), HasSubstr("No such file"));
    EXPECT_THAT(message_of([&] { read("/dev/null"); }), HasSubstr("neither a file nor a folder"));
}

TEST_F(tree_reader, refuses_a_qcow2_image_that_leans_on_another_file) {
    std::string header(512, '\0');
    header.replace(0, 8, std::string("QFI\xfb\0\0\0\3", 8));
    header[15] = 1;
    EXPECT_THAT(message_of([&] { read_bytes(header); }), HasSubstr("leans on another file"));
    header[15] = 0;
    header[79] = 4;
    EXPECT_THAT(message_of([&] { read_bytes(header); }), HasSubstr("leans on another file"));
    header[79] = 0;
    header[24] = 1;
    EXPECT_THAT(message_of([&] { read_bytes(header); }), HasSubstr("the disk has"));
}

TEST_F(tree_reader, a_bomb_is_not_unpacked_to_its_end) {
    const auto layer = gz(std::string(1u << 20, '\0'));
    std::string layers;
    while (layers.size() < (1u << 20)) layers += layer;
    const auto bomb = write("bomb", gz(layers));
    EXPECT_LT(fs::file_size(bomb), 100'000u);
    tree_limits limits;
    limits.unpacked_bytes = 32u << 20;
    EXPECT_THAT(message_of([&] { read(bomb, limits); }),
                HasSubstr("unpacked it has more than 34 MB"));
}

TEST_F(tree_reader, has_a_limit_for_the_number_of_files) {
    std::vector<member> members;
    for (int i = 0; i < 11; ++i) members.push_back({fmt::format("{}", i), "x"});
    for (int i = 0; i < 11; ++i) write(fmt::format("tree/{}", i), "x");
    tree_limits limits;
    limits.files = 10;
    for (const auto& path : {write("archive", cpio(members)), folder() / "tree"})
        EXPECT_THAT(message_of([&] { read(path, limits); }), HasSubstr("more than 10 files"));
}

class tree_on_disk : public tree_reader {
  protected:
    static void run(const std::vector<std::string>& argv) {
        tool_command command;
        command.argv = argv;
        command.package = "e2fsprogs qemu-utils fdisk";
        run_tool(command);
    }

    fs::path filesystem(const std::string& type) {
        write("tree/usr/bin/a", program('a'));
        write("tree/text", "x");
        if (!fs::exists(folder() / "tree/short")) {
            fs::create_symlink("usr/bin/a", folder() / "tree/short");
            fs::create_symlink(std::string(100, 'x'), folder() / "tree/long");
        }
        const auto disk = folder() / type;
        run({"mke2fs", "-q", "-t", type, "-d", folder() / "tree", disk, "8M"});
        return disk;
    }

    const std::map<std::string, std::string> all = {{"usr/bin/a", "a"},
                                                    {"text", "file"},
                                                    {"short", "-> usr/bin/a"},
                                                    {"long", "-> " + std::string(100, 'x')}};
};

TEST_F(tree_on_disk, reads_ext_filesystems) {
    for (const auto* type : {"ext2", "ext3", "ext4"}) {
        EXPECT_EQ(read(filesystem(type)), all);
        EXPECT_EQ(summary.kind, std::string(type) + " filesystem");
    }
}

TEST_F(tree_on_disk, reads_one_in_a_qcow2_image) {
    run({"qemu-img", "convert", "-c", "-O", "qcow2", filesystem("ext4"), folder() / "disk.qcow2"});
    EXPECT_EQ(read(folder() / "disk.qcow2"), all);
    EXPECT_EQ(summary.kind, "ext4 filesystem in a qcow2 image");
}

TEST_F(tree_on_disk, reads_the_only_one_of_several_partitions) {
    const auto root = read_file(filesystem("ext4"));
    for (const auto* label : {"dos", "gpt"}) {
        const auto disk = write("disk", std::string(32u << 20, '\0'));
        run({"sh", "-c",
             fmt::format("printf 'label: {}\nsize=4M\nsize=8M\n' | sfdisk -q {}", label,
                         disk.string())});
        auto bytes = read_file(disk);
        bytes.replace((1u << 20) + (4u << 20), root.size(), root);
        write("disk", bytes);
        EXPECT_EQ(read(disk), all);
        EXPECT_EQ(summary.kind, "ext4 filesystem in partition 2");
        run({"qemu-img", "convert", "-O", "qcow2", disk, folder() / "disk.qcow2"});
        EXPECT_EQ(read(folder() / "disk.qcow2"), all);
        // A second filesystem, cut, in the first one's place.
        bytes.replace(1u << 20, 4u << 20, root.substr(0, 4u << 20));
        write("disk", bytes);
        EXPECT_THAT(message_of([&] { read(disk); }),
                    HasSubstr("of=partition2 bs=512 skip=10240 count=16384"));
    }
}

TEST_F(tree_on_disk, a_partition_table_that_lies_is_the_callers_fault) {
    std::string disk(4096, '\0');
    disk.replace(510, 2, "\x55\xaa");
    EXPECT_THAT(message_of([&] { read_bytes(disk); }), HasSubstr("nor has it a partition"));
    disk.replace(446, 64, std::string(64, '\xff'));
    EXPECT_THAT(message_of([&] { read_bytes(disk); }), HasSubstr("nor has it a partition"));
    disk.replace(512, 8, "EFI PART");
    EXPECT_THAT(message_of([&] { read_bytes(disk); }), HasSubstr("table is broken"));
    disk.replace(512 + 72, 16, std::string("\2\0\0\0\0\0\0\0\xff\xff\xff\xff\x80\0\0\0", 16));
    disk.replace(1024, 1024, std::string(1024, '\x7f'));
    EXPECT_THAT(message_of([&] { read_bytes(disk); }), HasSubstr("nor has it a partition"));
}

TEST_F(tree_on_disk, a_broken_filesystem_does_no_harm) {
    const auto whole = read_file(filesystem("ext4"));
    std::uint32_t state = 1;
    for (int round = 0; round < 60; ++round) {
        auto bytes = whole;
        for (int change = 0; change < 200; ++change) {
            state = state * 1664525 + 1013904223;
            bytes[1024 + (state >> 8) % (1u << 18)] = static_cast<char>(state >> 24);
        }
        try {
            read_bytes(bytes);
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::usage) << e.what();
        }
    }
}

TEST(tree_path, stays_below_the_root) {
    const std::pair<std::string, std::string> cases[] = {{"a/b", "a/b"},   {"./a//b/", "a/b"},
                                                         {"/a", "a"},      {"a/../b", "b"},
                                                         {"../../b", "b"}, {"", ""}};
    for (const auto& [path, expected] : cases) EXPECT_EQ(tree_path(path), expected) << path;
}

}  // namespace
}  // namespace qh
